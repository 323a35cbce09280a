/** Where the servers of a cluster stand. All of it is our model. */
import { describe, expect, test } from "vitest";
import type {
  ClientView,
  ConsumerView,
  ReplicaView,
  RouteView,
  ServerView,
  StreamView,
  Topology,
} from "../../../../worker/frames.ts";
import { fitScene } from "./fit.ts";
import type { Scene } from "./scene.ts";

const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i + 1}`);

function clusterOf(count: number, streams: readonly string[] = ["ORDERS"]): Topology {
  const servers = names(count).map((name) => ({ id: `server:${name}`, name }) as ServerView);
  const routes = servers.flatMap((a, i) =>
    servers.slice(i + 1).map((b) => ({ id: `route:${a.name}-${b.name}`, a: a.id, b: b.id })),
  ) as RouteView[];
  const replicas = (stream: string) =>
    servers.map(({ id, name }) => ({ id: `replica:${stream}/${name}`, server: id }) as ReplicaView);
  return {
    servers,
    routes,
    groups: [],
    features: [],
    clients: [{ id: "client:P", kind: "publisher", server: "server:n2" } as ClientView],
    consumers: [],
    streams: streams.map((name, i) => {
      const server = servers[i % count]?.id ?? "";
      const view: Partial<StreamView> = { id: `stream:${name}`, group: `group:${name}`, server };
      return { ...view, replicas: replicas(name) } as StreamView;
    }),
  };
}

/** The two rows that come nearest to each other, in pixels between them. */
function closestRows({ tapes }: Scene): number {
  const rows = [...tapes.values()].sort((a, b) => a.y - b.y);
  const gaps = rows.slice(1).map((row, i) => row.y - ((rows[i]?.y ?? 0) + (rows[i]?.depth ?? 0)));
  return Math.min(...gaps);
}

describe("a cluster", () => {
  const rooms = [
    { width: 740, height: 564 },
    { width: 644, height: 432 },
    { width: 390, height: 480 },
  ];
  test.each(rooms)("of 3 and 5 servers fits in $width by $height", (size) => {
    for (const count of [3, 5]) {
      const [scene, fit] = fitScene(clusterOf(count), size, "wide", "sandbox");
      expect(scene.cluster?.stations.size).toBe(count);
      // What is laid out for a smaller zoom has the room that the zoom makes.
      expect(scene.height * fit.zoom).toBeLessThanOrEqual(size.height);
      expect(closestRows(scene)).toBeGreaterThanOrEqual(16);
      for (const tape of scene.tapes.values()) {
        expect((tape.x + tape.room) * fit.zoom).toBeLessThanOrEqual(size.width);
        expect(tape.room).toBeGreaterThan(150);
      }
    }
  });

  test("aligns all copies of a stream on one ruler", () => {
    const [scene] = fitScene(clusterOf(3), { width: 740, height: 564 }, "wide", "sandbox");
    expect([...scene.tapes.keys()]).toEqual([
      "stream:ORDERS",
      "replica:ORDERS/n2",
      "replica:ORDERS/n3",
    ]);
    expect(new Set([...scene.tapes.values()].map((tape) => tape.x)).size).toBe(1);
    const wire = scene.cluster?.wires.get("stream:ORDERS");
    const rows = [...scene.tapes.values()].map((tape) => tape.y);
    expect(wire?.from).toBeLessThan(Math.min(...rows));
    expect(wire?.to).toBeGreaterThan(Math.max(...rows));
  });

  test("joins every two servers by a route, and a client to its own server", () => {
    const [scene] = fitScene(clusterOf(5), { width: 740, height: 564 }, "wide", "sandbox");
    const cables = [...scene.cables.keys()];
    expect(cables.filter((id) => id.startsWith("server:"))).toHaveLength(10);
    expect(cables.filter((id) => id.startsWith("client:"))).toEqual(["client:P|server:n2"]);
    // Arcs stay inside of the canvas.
    for (const [id, { solid }] of scene.cables) {
      if (!id.startsWith("server:")) continue;
      const xs = solid.samples.filter((_, place) => place % 2 === 0);
      expect(Math.min(...xs)).toBeGreaterThan(0);
    }
  });

  test("makes room for the lane of a consumer where it is led", () => {
    const plain = clusterOf(3);
    const led = {
      ...plain,
      consumers: [
        { id: "consumer:ORDERS/W", stream: "stream:ORDERS", server: "server:n2" } as ConsumerView,
      ],
    };
    const size = { width: 740, height: 564 };
    const [scene] = fitScene(led, size, "wide", "sandbox");
    const lane = scene.lanes.get("consumer:ORDERS/W");
    const above = scene.tapes.get("replica:ORDERS/n2");
    const below = scene.tapes.get("replica:ORDERS/n3");
    expect(lane?.y).toBeGreaterThan((above?.y ?? 0) + (above?.depth ?? 0) + 30);
    expect(lane?.y).toBeLessThan((below?.y ?? 0) - 40);
  });
});

describe("a cluster on a phone", () => {
  const phone = { width: 390, height: 371 };
  const many = ["ORDERS", "SHIPPED", "BILLED"];
  const ledAt = (streams: readonly string[]) =>
    streams.map((stream, i) => {
      const ids = { id: `consumer:${stream}/W`, stream: `stream:${stream}` };
      return { ...ids, server: `server:n${i + 1}` } as ConsumerView;
    });

  test.each([1, 2, 3])("shows all tapes of %i streams", (count) => {
    const streams = many.slice(0, count);
    const topology = { ...clusterOf(3, streams), consumers: ledAt(streams) };
    const [scene, fit] = fitScene(topology, phone, "tall", "phone");
    expect(scene.tapes.size).toBe(3 * count);
    const bottoms = [...scene.tapes.values()].map(({ y, depth }) => fit.y + (y + depth) * fit.zoom);
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(phone.height);
    // Term and role stand over each tape.
    expect(closestRows(scene)).toBeGreaterThanOrEqual(28);
  });

  test("its caption stands below the picture, so that one stream is drawn at full size", () => {
    const topology = { ...clusterOf(3), consumers: ledAt(["ORDERS"]) };
    expect(fitScene(topology, phone, "tall", "phone")[1].zoom).toBeGreaterThan(0.9);
    expect(fitScene(topology, phone, "tall", "sandbox")[1].zoom).toBeLessThan(0.9);
  });
});
