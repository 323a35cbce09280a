/** Who led which stream from when on, and the bands of the rail where nobody did. */
import type { MarkView } from "../../frames.ts";
import type { Moment } from "../history.ts";

/** A group's leader from an instant on; null for none. */
export interface Reign extends Moment {
  readonly group: string;
  readonly stream: string;
  readonly host: string | null;
}

/** A server's record or a fault, as far as leadership is concerned. */
export interface ReignNote extends Moment {
  readonly kind: string;
  readonly host: string;
  readonly stream: string;
  readonly consumer: string;
  readonly subject: string;
  readonly detail: string;
}

/** Kinds of records that may change who leads. */
export const reignKinds: ReadonlySet<string> = new Set(["fault", "leader", "step-down"]);

/** What one record changes in the list, which grows at its end. */
export function noteReigns(reigns: Reign[], note: ReignNote): MarkView[] {
  const { at, step, kind, host, stream, consumer, subject, detail } = note;
  if (kind === "fault") {
    if (!/^fault (kill|power-off)\b/.test(detail)) return [];
    return ledBy(reigns, subject).map((reign) => end(reigns, reign, note));
  }
  if (stream === "" || consumer !== "") return [];
  const last = reigns.findLast((reign) => reign.group === subject);
  if (kind === "step-down" && last?.host === host) return [end(reigns, last, note)];
  if (kind !== "leader") return [];
  reigns.push({ at, step, group: subject, stream, host });
  return last?.host === null ? [band(last, at)] : [];
}

function ledBy(reigns: readonly Reign[], host: string): Reign[] {
  const last = new Map(reigns.map((reign) => [reign.group, reign]));
  return [...last.values()].filter((reign) => reign.host === host);
}

function end(reigns: Reign[], { group, stream }: Reign, { at, step }: ReignNote): MarkView {
  const none = { at, step, group, stream, host: null };
  reigns.push(none);
  return band(none, null);
}

/** Open while it lasts. */
function band({ at, group, stream }: Reign, until: number | null): MarkView {
  return {
    id: `leaderless ${group} ${at}`,
    at,
    until,
    lane: "theirs",
    kind: "leaderless",
    label: `${stream}: no leader`,
    loud: true,
  };
}
