/** What Raft groups do, as sentences and marks; in its records `count` is the term. */

import { consumerId, groupId, serverId, streamId } from "../names.ts";
import type { Told } from "../trace-text.ts";

/** The part of a server's record that is read here. */
export interface RaftNote {
  readonly kind: string;
  readonly host: string;
  readonly stream: string;
  readonly consumer: string;
  /** Name of the group. */
  readonly subject: string;
  readonly seq: number;
  readonly count: number;
  readonly detail: string;
}

/**
 * Null for what is not worth a line: every message is proposed, replicated and committed, which the
 * tapes show.
 */
export function tellRaft(note: RaftNote): Told | null {
  const { kind, host, count: term, detail } = note;
  const what = nameOf(note);
  // Elections of consumers follow those of their stream: they are told to who asks for everything.
  const interesting = note.consumer === "";
  const base = { kind, about: aboutOf(note), interesting, mark: null };
  const mark = { lane: "theirs", label: String(term), loud: false, until: null } as const;
  switch (kind) {
    case "candidate":
      return {
        ...base,
        icon: "hand",
        text: `${host}’s timer ends: it asks to lead ${what} in **term ${term}**`,
        mark: interesting ? { ...mark, kind: "candidate" } : null,
      };
    case "vote":
      if (detail === host) return null;
      return { ...base, icon: "hand", text: `${host} votes for ${detail}, ${what} term ${term}` };
    case "leader":
      return {
        ...base,
        icon: "crown",
        text: `**${host} leads** ${what} in term ${term}`,
        mark: interesting ? { ...mark, kind: "leader" } : null,
      };
    case "step-down":
      return { ...base, icon: "crown-hollow", text: `${host} does not lead ${what} any more` };
    case "quorum-lost":
      return {
        ...base,
        icon: "x",
        text: `${host} has heard from no quorum of ${what} for 10 s ${missing(detail)}`.trim(),
      };
    case "truncate":
      return {
        ...base,
        icon: "x",
        text: `${host} cuts its log of ${what} back to entry ${note.seq}: the rest never counted`,
      };
    case "catch-up":
      if (detail === "") {
        const text = `${host} takes up its own snapshot of ${what}`;
        return { ...base, interesting: false, icon: "", text };
      }
      return { ...base, icon: "", text: `${host} gets ${what} from ${detail}, as a snapshot` };
    default:
      return null;
  }
}

export const raftKinds: ReadonlySet<string> = new Set([
  ...["new-term", "candidate", "vote", "leader", "step-down", "propose", "replicate", "commit"],
  ...["truncate", "catch-up", "quorum-lost"],
]);

function nameOf({ stream, consumer, subject }: RaftNote): string {
  if (consumer !== "") return `[${consumer}](${consumerId(stream, consumer)})`;
  return stream === "" ? `\`${subject}\`` : `[${stream}](${streamId(stream)})`;
}

function aboutOf({ host, stream, consumer, subject }: RaftNote): string[] {
  const about = [serverId(host), groupId(subject)];
  if (consumer !== "") about.push(consumerId(stream, consumer));
  else if (stream !== "") about.push(streamId(stream));
  return about;
}

function missing(peers: string): string {
  return peers === "" ? "" : `_(silent: ${peers})_`;
}
