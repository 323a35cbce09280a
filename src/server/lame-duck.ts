/** Lame duck mode: no new clients; those that are here are told, and cut one by one. */

import { type DurationNanos, nanos, plus, seconds } from "../kernel/index.ts";
import { shutDownJetStream } from "./assets/jetstream-end.ts";
import { clusterParts } from "./cluster-door.ts";
import { closeClient } from "./connections/close.ts";
import { sendLameDuckInfo } from "./connections/info.ts";
import { jetStreamParts } from "./doors/jetstream-door.ts";
import type { ServerIo } from "./io.ts";
import type { ServerTimer } from "./server-timer.ts";
import type { ServerState } from "./state.ts";
import { tellOwnEnd } from "./system/events.ts";

type LameDuckTimer = Extract<ServerTimer, { kind: "lame-duck" }>;

/** Source: nats-server `lameDuckMode`. */
export function enterLameDuck(server: ServerState, io: ServerIo): void {
  if (server.phase !== "running") return;
  io.log("info", "Entering lame duck mode, stop accepting new clients");
  server.phase = "lame-duck";
  tellOwnEnd(server, io, "LAMEDUCK");
  // Others are given the time to take over.
  if (server.groups !== undefined && clusterParts().handOverLeaderships(server, io)) {
    setStep(io, { kind: "lame-duck", step: "leave" }, seconds(1));
  } else leave(server, io);
}

function leave(server: ServerState, io: ServerIo): void {
  shutDownJetStream(server, io);
  if (server.conns.size === 0) {
    stopServer(server, io);
    return;
  }
  // Its own URLs are not to be advertised any more, here or there.
  if (server.routes !== undefined) {
    clusterParts().refreshUrls(server);
    clusterParts().sendLameDuckToRoutes(server);
  }
  sendLameDuckInfo(server);
  const conns = shuffled(io, [...server.conns.keys()]);
  const share = shareOf(server, conns.length);
  const timer = { kind: "lame-duck", step: "close-clients", conns, share } as const;
  setStep(io, timer, server.config.lameDuckGracePeriod);
}

function shuffled(io: ServerIo, conns: readonly number[]): number[] {
  const left = [...conns];
  return conns.flatMap(() => left.splice(io.draw("lame-duck") % left.length, 1));
}

/** Who left by itself meanwhile has its share of the time all the same. */
export function onLameDuckTimer(server: ServerState, io: ServerIo, timer: LameDuckTimer): void {
  if (timer.step === "leave") {
    leave(server, io);
    return;
  }
  if (timer.step === "close-clients") io.log("info", "Closing existing clients");
  const [conn, ...conns] = timer.conns ?? [];
  const client = conn === undefined ? undefined : server.conns.get(conn);
  if (client !== undefined) closeClient(server, io, client, "Server Shutdown");
  if (conns.length === 0) {
    stopServer(server, io);
    return;
  }
  const share = timer.share ?? seconds(1);
  const next = { kind: "lame-duck", step: "next-client", conns, share } as const;
  setStep(io, next, untilNext(io, share));
}

/** Ends the server in good order: every client is closed. */
export function stopServer(server: ServerState, io: ServerIo): void {
  if (server.phase === "stopped") return;
  if (hasStreams(server)) jetStreamParts().dismissPulls(server, io);
  tellOwnEnd(server, io, "SHUTDOWN");
  server.phase = "stopping";
  io.log("info", "Initiating Shutdown...");
  if (server.jetstream !== null) {
    // What the disk holds is there for whoever asks; there is nothing to wait for.
    io.log("info", "Initiating JetStream Shutdown...");
    io.log("info", "JetStream Shutdown");
  }
  for (const client of [...server.conns.values()]) {
    closeClient(server, io, client, "Server Shutdown");
  }
  if (server.groups !== undefined) clusterParts().sayGoodbye(server, io);
  server.phase = "stopped";
  for (const route of [...(server.routes?.conns.values() ?? [])]) {
    clusterParts().closeRoute(server, io, route, "Server Shutdown");
  }
  io.log("info", "Server Exiting..");
}

function hasStreams({ jetstream }: ServerState): boolean {
  return [...(jetstream?.accounts.values() ?? [])].some(({ streams }) => streams.size > 0);
}

/** Clients share the time after the grace period, at most a second each. */
function shareOf({ config }: ServerState, clients: number): DurationNanos {
  const { lameDuckDuration, lameDuckGracePeriod } = config;
  const rest = lameDuckDuration - lameDuckGracePeriod;
  const whole = rest > 0 ? rest : seconds(1);
  return nanos(Math.min(Math.floor(whole / clients), seconds(1)));
}

/** Half of a share is chance. */
function untilNext(io: ServerIo, share: DurationNanos): DurationNanos {
  const drawn = Math.floor((io.draw("lame-duck") / 0x1_0000_0000) * share);
  return nanos(Math.max(drawn, Math.floor(share / 2)));
}

function setStep(io: ServerIo, timer: LameDuckTimer, after: DurationNanos): void {
  io.setTimer("lame-duck", plus(io.now, after), timer);
}
