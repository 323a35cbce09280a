/** `--cluster_listen`, `--routes` and `--cluster_name` of nats-server's command line. */
import type { ServerConfig } from "../../server/index.ts";

type Cluster = NonNullable<ServerConfig["cluster"]>;

/** A change of a configuration; the text is what the flag was given. */
export type Change = (config: ServerConfig, text: string) => ServerConfig;

const unset: Cluster = { name: "", host: "", port: 0, routes: [], peers: [] };

/** Without a text there is no cluster, whatever the file says. Source: `overrideCluster`. */
export const clusterListen: Change = (config, text) => {
  if (text === "") return { ...config, cluster: null };
  const isRandom = text.endsWith(":-1");
  const place = addressIn(isRandom ? text.replace(/-1$/, "0") : text);
  const cluster = { ...(config.cluster ?? unset), ...place };
  return { ...config, cluster: isRandom ? { ...cluster, port: -1 } : cluster };
};

/** Source: `RoutesFromStr`. */
export const clusterRoutes: Change = (config, text) => {
  const routes = text === "" ? [] : text.split(",").map((url) => addressIn(url.trim()));
  return { ...config, cluster: { ...(config.cluster ?? unset), routes } };
};

export const clusterName: Change = (config, name) => ({
  ...config,
  cluster: { ...(config.cluster ?? unset), name },
});

/** Throws for routes without a listener. Source: nats-server `ConfigureOptions`. */
export function checkedCluster(config: ServerConfig): ServerConfig {
  const { cluster } = config;
  if (cluster === null || cluster.host !== "" || cluster.port !== 0) return config;
  if (cluster.routes.length === 0) return config;
  throw new Error("solicited routes require cluster capabilities, e.g. --cluster");
}

function addressIn(url: string): { readonly host: string; readonly port: number } {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.port === "") {
    throw new Error(`address ${parsed?.host ?? url}: missing port in address`);
  }
  return { host: parsed.hostname.replace(/^\[|\]$/g, ""), port: Number(parsed.port) };
}
