/** What a frame says when more has happened than anybody reads. */
import type { TraceView } from "../frames.ts";

/** Lines a frame. */
const linesMost = 12;

/** What happens for every message: the first to be left out when there is too much to say. */
const ordinary: ReadonlySet<string> = new Set([
  ...["stored", "deliver", "ack", "puback", "status", "api", "connect", "disconnect"],
]);

/** As many lines as a frame has room for, the rare ones before the newest. */
export function tellable(lines: readonly TraceView[]): readonly TraceView[] {
  if (lines.length <= linesMost) return lines;
  const rare = lines.filter((line) => line.interesting && !ordinary.has(line.kind));
  const room = Math.max(0, linesMost - rare.length);
  const kept = new Set([...rare.slice(-linesMost), ...lines.slice(lines.length - room)]);
  return lines.filter((line) => kept.has(line));
}
