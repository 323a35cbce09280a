import { expect, test } from "vitest";
import { monitor } from "../monitoring/monitor.ts";
import { client, clusterBench, pass, say, serverOf, settle } from "./cluster-bench.ts";

/** A page of n1's monitoring port, after a client of n2 subscribed and one of n1 published. */
function page(path: string, query = ""): Record<string, unknown> {
  const bench = clusterBench(["n1", "n2", "n3"]);
  settle(bench);
  const subscriber = client(bench, "n2");
  say(bench, "n2", subscriber, "SUB x 1\r\n");
  settle(bench);
  say(bench, "n1", client(bench, "n1"), "PUB x 2\r\nhi\r\n");
  settle(bench);
  pass(bench, 3_000);
  const io = bench.ios.get("n1");
  if (io === undefined) throw new Error("n1 has no machine");
  return JSON.parse(monitor(serverOf(bench, "n1"), io, path, query).body) as Record<
    string,
    unknown
  >;
}

// Evidence: /routez of a nats-server 2.15.2 in a cluster of three with pool_size -1.
test("/routez shows each route with the members that nats-server shows, in its order", () => {
  const shown = page("/routez");
  expect(Object.keys(shown)).toEqual(["server_id", "server_name", "now", "num_routes", "routes"]);
  expect(shown.num_routes).toBe(2);
  const [first] = shown.routes as Record<string, unknown>[];
  expect(Object.keys(first ?? {}).join(" ")).toBe(
    "rid remote_id remote_name did_solicit is_configured ip port start last_activity rtt uptime " +
      "idle pending_size in_msgs out_msgs in_bytes out_bytes subscriptions compression",
  );
  const { remote_name, is_configured, out_msgs, out_bytes, compression } = first ?? {};
  expect({ remote_name, is_configured, out_msgs, out_bytes, compression }).toEqual({
    remote_name: "n2",
    is_configured: true,
    out_msgs: 1,
    out_bytes: 2,
    compression: "off",
  });
});

test("/routez?subs=1 lists what is heard over a route", () => {
  const [first] = page("/routez", "subs=1").routes as { subscriptions_list?: string[] }[];
  const ofClients = first?.subscriptions_list?.filter((one) => !one.startsWith("$SYS."));
  expect(ofClients).toEqual(["x"]);
});

// Evidence: /varz of the same server.
test("/varz shows the cluster, and counts messages of routes apart from those of clients", () => {
  const shown = page("/varz");
  expect(shown.cluster).toEqual({
    name: "C1",
    addr: "n1",
    cluster_port: 6222,
    auth_timeout: 2,
    urls: ["n1:6222", "n2:6222", "n3:6222"],
    tls_timeout: 2,
    pool_size: -1,
  });
  expect(shown.connect_urls).toEqual(["n1:4222", "n2:4222", "n3:4222"]);
  expect([shown.routes, shown.remotes]).toEqual([2, 2]);
  expect([shown.in_client_msgs, shown.out_client_msgs, shown.out_msgs]).toEqual([1, 0, 1]);
});
