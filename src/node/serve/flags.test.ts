/** Flags of clusters: what they make of a configuration, and what they refuse. */
import { expect, test } from "vitest";
import { defaultServerConfig, type ServerConfig } from "../../server/index.ts";
import { parseFlags } from "./flags.ts";

function made(...args: readonly string[]): ServerConfig {
  return parseFlags(args).apply.reduce((config, change) => change(config), defaultServerConfig(""));
}

// Source: nats-server `overrideCluster`, `RoutesFromStr`. nats-py's tests start servers like this.
test("a cluster is told on the command line", () => {
  const routes = ["--routes", "nats://127.0.0.1:6223,nats://127.0.0.1:6224"];
  const args = ["--cluster_listen", "nats://127.0.0.1:6225", ...routes, "--cluster_name", "C"];
  expect(made(...args).cluster).toEqual({
    name: "C",
    host: "127.0.0.1",
    port: 6225,
    routes: [
      { host: "127.0.0.1", port: 6223 },
      { host: "127.0.0.1", port: 6224 },
    ],
    peers: [],
  });
  expect(made("-cluster=nats://[::1]:-1").cluster).toMatchObject({ host: "::1", port: -1 });
  expect(made("--no_advertise", "--connect_retries", "3").cluster).toBeNull();
});

// Evidence: what nats-server 2.15.2 does with these; it shows a name that stands alone.
test("a name may stand alone, routes may not", () => {
  expect(made("--cluster_name", "C").cluster).toMatchObject({ name: "C", port: 0 });
  expect(made(...["--cluster_listen", "nats://h:1"], "--cluster", "").cluster).toBeNull();
  expect(() => made("--routes", "nats://127.0.0.1:6223")).toThrow(
    "solicited routes require cluster capabilities, e.g. --cluster",
  );
  expect(() => made("--cluster_listen", "nats://127.0.0.1")).toThrow("missing port in address");
});
