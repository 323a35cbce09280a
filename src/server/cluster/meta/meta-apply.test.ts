/** The meta log's picture of a cluster, fed with entries. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkStreamConfig, decodeStreamConfigRequest } from "../../../jetstream/index.ts";
import { type StoredTime, seconds } from "../../../kernel/index.ts";
import { bench } from "../../test-bench.ts";
import type { ConsumerSpec, MetaEntry, Removal, StreamSpec } from "../assignments.ts";
import { type ClusterState, createClusterState, findAssignment } from "../cluster-state.ts";
import { consumersAhead, streamAhead, streamsAhead, trackProposal } from "./inflight.ts";
import { applyMetaEntry, forgetAssignment, snapshotOf } from "./meta-apply.ts";
import { replacePicture } from "./meta-restore.ts";

const asked = { client: { acc: "A" }, subject: "$JS.API", reply: "inbox" };
const group = {
  name: "S-R3F-AAAAAAAA",
  peers: ["n1", "n2", "n3"],
  storage: "file",
  preferred: "n1",
  cluster: "C1",
} as const;

function streamSpec(name: string, created: number): StreamSpec {
  const { config, pedantic } = decodeStreamConfigRequest(JSON.stringify({ name }));
  const context = {
    duplicatesMax: 0,
    bytesLimits: () => ({ required: false, limit: 0 }),
    findStream: () => null,
  };
  const checked = checkStreamConfig(config, context, pedantic);
  return { ...asked, account: "A", config: checked, created: at(created), group };
}

function consumerSpec(stream: string, name: string, created: number): ConsumerSpec {
  // What is in it is no matter of the meta group's.
  const config = {} as ConsumerSpec["config"];
  return { ...asked, account: "A", stream, name, config, created: at(created), group };
}

function at(s: number): StoredTime {
  return { s, n: 0 } as StoredTime;
}

function removal(stream: string, consumer: string | null, created: StoredTime): Removal {
  return { ...asked, account: "A", stream, consumer, created };
}

/** Applies as a server does that replays its log. */
function apply(cluster: ClusterState, entry: MetaEntry): void {
  const change = applyMetaEntry(cluster, entry);
  if (change?.kind === "removed") forgetAssignment(cluster, change.removal);
}

type Step = { readonly stream: string; readonly what: "add" | "remove" | "consume" | "forget" };

/** What a meta leader would propose for a step, which sees what is on its way; null for nothing. */
function proposalFor(cluster: ClusterState, { stream, what }: Step, n: number): MetaEntry | null {
  const spec = streamAhead(cluster, "A", stream);
  if (what === "add") {
    const next = streamSpec(stream, n);
    if (spec === null) return { op: "assign-stream", spec: next };
    return { op: "update-stream", spec: { ...next, created: spec.created } };
  }
  if (spec === null) return null;
  if (what === "remove") return { op: "remove", removal: removal(stream, null, spec.created) };
  if (what === "consume") {
    return { op: "assign-consumer", spec: consumerSpec(stream, `c${n % 2}`, n) };
  }
  const [consumer] = consumersAhead(cluster, "A", stream);
  if (consumer === undefined) return null;
  return { op: "remove", removal: removal(stream, consumer.name, consumer.created) };
}

function ahead(cluster: ClusterState) {
  return streamsAhead(cluster, "A").map((spec) => ({
    spec,
    consumers: consumersAhead(cluster, "A", spec.config.name),
  }));
}

const steps = fc.array(
  fc.record({
    stream: fc.constantFrom("X", "Y"),
    what: fc.constantFrom<Step["what"][]>("add", "remove", "consume", "forget"),
    applied: fc.nat(3),
  }),
  { size: "+1" },
);

// Source: trackInflightStreamProposal, streamAssignmentUnlessDeleted.
test("what is on its way is seen before it is applied, and is what comes of it", () => {
  fc.assert(
    fc.property(steps, (program) => {
      const cluster = createClusterState(seconds(30));
      const waiting: MetaEntry[] = [];
      for (const [n, step] of program.entries()) {
        const entry = proposalFor(cluster, step, n);
        if (entry === null) continue;
        trackProposal(cluster, entry);
        waiting.push(entry);
        const before = ahead(cluster);
        for (const one of waiting.splice(0, step.applied)) apply(cluster, one);
        expect(ahead(cluster)).toEqual(before);
      }
      const before = ahead(cluster);
      for (const one of waiting) apply(cluster, one);
      expect(ahead(cluster)).toEqual(before);
      expect(cluster.inflight.size).toBe(0);
    }),
    { numRuns: 60 },
  );
});

// Source: metaSnapshot, applyMetaSnapshot.
test("a snapshot makes the picture it was made of, whatever was there before", () => {
  fc.assert(
    fc.property(steps, steps, (program, other) => {
      const [made, present] = [program, other].map((steps) => {
        const cluster = createClusterState(seconds(30));
        for (const [n, step] of steps.entries()) {
          const entry = proposalFor(cluster, step, n);
          if (entry !== null) apply(cluster, entry);
        }
        return cluster;
      }) as [ClusterState, ClusterState];
      const { server, io } = bench();
      const snapshot = snapshotOf(made);
      replacePicture({ server, io, cluster: present }, snapshot);
      expect(ahead(present)).toEqual(ahead(made));
    }),
    { numRuns: 30 },
  );
});

// Source: processConsumerRemoval: a removal means the assignment of its time.
test("a removal leaves a newer consumer of the same name", () => {
  const cluster = createClusterState(seconds(30));
  apply(cluster, { op: "assign-stream", spec: streamSpec("X", 1) });
  apply(cluster, { op: "assign-consumer", spec: consumerSpec("X", "c", 2) });
  apply(cluster, { op: "remove", removal: removal("X", "c", at(1)) });
  expect([...(findAssignment(cluster, "A", "X")?.consumers.keys() ?? [])]).toEqual(["c"]);
  apply(cluster, { op: "remove", removal: removal("X", "c", at(2)) });
  expect([...(findAssignment(cluster, "A", "X")?.consumers.keys() ?? [])]).toEqual([]);
});

// Source: processUpdateStreamAssignment, processConsumerAssignment.
test("what comes for a stream that is gone changes nothing", () => {
  const cluster = createClusterState(seconds(30));
  expect(applyMetaEntry(cluster, { op: "update-stream", spec: streamSpec("X", 1) })).toBeNull();
  const entry = { op: "assign-consumer", spec: consumerSpec("X", "c", 2) } as const;
  expect(applyMetaEntry(cluster, entry)).toBeNull();
  expect(cluster.accounts.size).toBe(0);
});
