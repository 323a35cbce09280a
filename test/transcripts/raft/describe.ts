/** Effects and messages as one line of a transcript. */
import { millis } from "../../../src/kernel/index.ts";
import type { RaftEffect, RaftEntry, RaftMessage } from "../../../src/raft/index.ts";

export function describeEffect(effect: RaftEffect): string {
  switch (effect.kind) {
    case "election-timer": {
      const [low, high] = [effect.low / millis(1), effect.high / millis(1)];
      return `waits ${low === high ? low : `${low} to ${high}`} ms`;
    }
    case "clear-election-timer":
      return "waits no more";
    case "vote-resend-timer":
      return `asks again in ${effect.after / millis(1)} ms`;
    case "leader-tickers":
      return effect.run ? "starts its tickers" : "stops its tickers";
    case "catchup-timer":
      return `watches the catch-up of ${effect.peer}`;
    case "clear-catchup-timer":
      return `has caught up ${effect.peer}, or lets go of it`;
    case "persist-vote":
      return `writes term ${effect.term} vote ${effect.vote ?? "-"}`;
    case "persist-peers":
      return `writes peers ${effect.peers.join(" ")}`;
    case "persist-snapshot":
      return `writes a snapshot up to ${effect.index}`;
    case "persist-commit":
      return `writes commit ${effect.index}`;
    case "append":
    case "truncate":
    case "apply":
      return `${effect.kind} ${effect.index}`;
    case "send":
      return `-> ${effect.to} ${describeMessage(effect.message)}`;
    case "broadcast":
      return `-> all ${describeMessage(effect.message)}`;
    case "restore":
      return `restore ${effect.snapshot.lastTerm}:${effect.snapshot.lastIndex}`;
    case "leadership":
      return effect.isLeader ? `LEADS term ${effect.term}` : "does not lead";
    case "quorum-lost":
      return "has lost its quorum";
    case "role":
      return `is ${effect.role} of term ${effect.term}, leader ${effect.leader ?? "-"}`;
    default:
      return effect satisfies never;
  }
}

function describeMessage(message: RaftMessage): string {
  switch (message.kind) {
    case "vote-request":
      return `vote? term ${message.term} last ${message.lastTerm}:${message.lastIndex}`;
    case "vote-response": {
      const vote = message.granted ? "vote" : "no vote";
      return `${vote} term ${message.term}${message.empty ? " empty" : ""}`;
    }
    case "append-response": {
      const answer = message.success ? "ok" : message.catchup === null ? "refuse" : "catch up from";
      const stream = message.success && message.catchup !== null ? " (catch-up)" : "";
      return `${answer} ${message.term}:${message.index}${stream}`;
    }
    case "append-entry": {
      const what = message.snapshot !== null ? "snapshot" : describeEntry(message.entry);
      const stream = message.catchup === null ? "" : " (catch-up)";
      const after = `after ${message.prevTerm}:${message.prevIndex}`;
      return `${what} ${after} term ${message.term} commit ${message.commit}${stream}`;
    }
    default:
      return message satisfies never;
  }
}

function describeEntry(entry: RaftEntry | null): string {
  if (entry === null) return "heartbeat";
  const words = entry.proposals.map((proposal) => {
    if (proposal.kind === "normal") return `"${String(proposal.data)}"`;
    return proposal.kind === "peer-state" ? "peer-state" : `transfer to ${proposal.to}`;
  });
  return `${words.join(", ")} of term ${entry.term}`;
}
