/** `$SYS.SERVER.<id>.STATSZ`: the server's statistics, told in a rhythm of their own. */
import { millis, minus, plus, seconds, type VirtualNanos } from "../../kernel/index.ts";
import { encodeJson } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { isSystemHeard, publishSystem } from "./publish.ts";
import { serverInfo } from "./server-info.ts";
import { statsz } from "./statsz.ts";

const firstPause = millis(250);
/** Source: nats-server `statsHBInterval`. */
const longestPause = seconds(10);
const timerName = "statsz";

/** Someone may listen now: the next beat is told. A server that nobody listens to keeps still. */
export function armStatsz(server: ServerState, io: ServerIo): void {
  if (!isSystemHeard(server, subjectOf(server))) return;
  io.setTimer(timerName, nextBeat(server.startedAt, io.now), { kind: "statsz" });
}

export function onStatszTimer(server: ServerState, io: ServerIo): void {
  sendStatsz(server, io);
  armStatsz(server, io);
}

export function sendStatsz(server: ServerState, io: ServerIo): void {
  const subject = subjectOf(server);
  if (!isSystemHeard(server, subject)) return;
  const body = encodeJson({ server: serverInfo(server, io), statsz: statsz(server, io) });
  publishSystem(server, io, subject, body);
}

/**
 * Pauses grow from 250 ms to 10 s by doubling, counted from the start of the server.
 * Source: nats-server `startStatszTimer`, `heartbeatStatsz`.
 */
function nextBeat(startedAt: VirtualNanos, now: VirtualNanos): VirtualNanos {
  let beat = plus(startedAt, firstPause);
  let pause = firstPause;
  while (beat <= now && pause < longestPause) {
    pause = Math.min(pause * 2, longestPause) as typeof pause;
    beat = plus(beat, pause);
  }
  if (beat > now) return beat;
  const missed = Math.floor(minus(now, beat) / longestPause) + 1;
  return plus(beat, (missed * longestPause) as typeof pause);
}

function subjectOf({ id }: ServerState): string {
  return `$SYS.SERVER.${id}.STATSZ`;
}
