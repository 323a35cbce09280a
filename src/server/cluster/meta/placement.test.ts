import { expect, test } from "vitest";
import {
  ApiError,
  checkStreamConfig,
  decodeStreamConfigRequest,
} from "../../../jetstream/index.ts";
import { createRandom, drawBelow } from "../../../kernel/index.ts";
import { peerHash } from "../peer-name.ts";
import {
  type Candidate,
  choosePreferred,
  type PlacementRequest,
  selectPeers,
} from "./placement.ts";

const seed = 7;

function candidate(name: string, change: Partial<Candidate> = {}): Candidate {
  const report = {
    name,
    id: name,
    cluster: "C1",
    tags: [],
    memoryMax: 1000,
    storageMax: 1000,
    memory: 0,
    storage: 0,
    memoryReserved: 0,
    storageReserved: 0,
  };
  return { name, offline: false, isLagging: false, report, streams: 0, haAssets: 0, ...change };
}

function streamConfig(fields: object) {
  const text = JSON.stringify({ name: "S", subjects: ["s"], ...fields });
  const { config, pedantic } = decodeStreamConfigRequest(text);
  const context = {
    duplicatesMax: 0,
    bytesLimits: () => ({ required: false, limit: 0 }),
    findStream: () => null,
  };
  return checkStreamConfig(config, context, pedantic);
}

function request(fields: object, candidates: readonly Candidate[]): PlacementRequest {
  const config = streamConfig(fields);
  const replicas = config.num_replicas;
  return { replicas, cluster: "C1", config, haCost: 1, haMax: 0, existing: [], candidates };
}

function draws() {
  const random = createRandom(seed);
  return (below: number) => drawBelow(random, "placement", below);
}

function refusal(of: PlacementRequest): string {
  try {
    selectPeers(of, draws());
  } catch (error) {
    if (error instanceof ApiError) return `${error.body.err_code} ${error.message}`;
    throw error;
  }
  return "";
}

// Evidence: runs of nats-server: 30 R3 streams on 5 servers, 18 on each in 3 of 3 runs.
test("spreads replicated streams evenly", () => {
  const counts = new Map(["n1", "n2", "n3", "n4", "n5"].map((name) => [name, 0]));
  const draw = draws();
  for (let i = 0; i < 30; i++) {
    const servers = [...counts].map(([name, count]) =>
      candidate(name, { streams: count, haAssets: count }),
    );
    for (const name of selectPeers(request({ num_replicas: 3 }, servers), draw)) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  expect([...counts.values()]).toEqual([18, 18, 18, 18, 18]);
});

// nats-server `selectPeerGroup`: sorted by availability before anything else.
test("takes who is online and caught up first", () => {
  const servers = [
    candidate("n1", { offline: true }),
    candidate("n2", { isLagging: true, haAssets: 0 }),
    candidate("n3", { haAssets: 9 }),
    candidate("n4", { haAssets: 9 }),
  ];
  const chosen = selectPeers(request({ num_replicas: 3 }, servers), draws());
  expect(chosen.slice(2)).toEqual(["n2"]);
});

// transcripts/cluster.jsonl: `--replicas 5` on three servers, `--tag nosuch`, `--cluster nosuch`.
test("says why no servers fit, as nats-server does", () => {
  const servers = ["n1", "n2", "n3"].map((name) => candidate(name));
  expect(refusal(request({ num_replicas: 5 }, servers))).toBe(
    "10005 no suitable peers for placement",
  );
  expect(refusal(request({ placement: { tags: ["nosuch"] } }, servers))).toBe(
    "10005 no suitable peers for placement, tags not matched ['nosuch']",
  );
  expect(refusal({ ...request({}, servers), cluster: "nosuch" })).toBe(
    "10005 no suitable peers for placement",
  );
  expect(refusal(request({ max_bytes: 5000 }, servers))).toBe(
    "10005 no suitable peers for placement, insufficient storage",
  );
});

// nats-server `selectPeerGroup`: a quorum of the chosen must be online.
test("refuses to place what could not elect a leader", () => {
  const servers = [
    candidate("n1"),
    candidate("n2", { offline: true }),
    candidate("n3", { offline: true }),
  ];
  expect(refusal(request({ num_replicas: 3 }, servers))).toBe(
    "10005 no suitable peers for placement, peer offline",
  );
});

// nats-server `setPreferred`.
test("prefers a leader that is online", () => {
  const draw = draws();
  for (let i = 0; i < 20; i++) {
    expect(choosePreferred(["n1", "n2", "n3"], (name) => name === "n2", draw)).toBe("n2");
  }
});

// transcripts/cluster.jsonl, `stream info ORDERS --json`: `peer` of n1 and n2.
test("hashes a server's name as nats-server does", () => {
  expect(peerHash("n1")).toBe("fjFyEjc1");
  expect(peerHash("n2")).toBe("44jzkV9D");
});
