/// <reference path="./raw-text.d.ts" />
/** The scenarios that come with the project, in the order in which they are offered. */
import { parseScenario, type Scenario } from "../link/index.ts";
import ackWaitTooShort from "./library/ackwait-too-short.wt?raw";
import corePublish from "./library/core-publish-into-the-void.wt?raw";
import discardNew from "./library/discard-new-backpressure.wt?raw";
import minority from "./library/leader-in-minority.wt?raw";
import lostAck from "./library/lost-ack.wt?raw";
import lostPubAck from "./library/lost-puback-retry.wt?raw";
import stall from "./library/max-ack-pending-stall.wt?raw";
import poison from "./library/poison-to-dlq.wt?raw";
import powerLoss from "./library/power-loss-unsynced.wt?raw";
import kills from "./library/process-crash-is-not-power-loss.wt?raw";
import quorumLoss from "./library/quorum-loss.wt?raw";
import leaderKill from "./library/r3-leader-kill.wt?raw";

export interface LibraryScenario {
  /** Its file's name, which `?scenario=` takes. */
  readonly id: string;
  readonly text: string;
}

/** Easiest first. */
export const library: readonly LibraryScenario[] = [
  { id: "lost-ack", text: lostAck },
  { id: "core-publish-into-the-void", text: corePublish },
  { id: "ackwait-too-short", text: ackWaitTooShort },
  { id: "lost-puback-retry", text: lostPubAck },
  { id: "max-ack-pending-stall", text: stall },
  { id: "discard-new-backpressure", text: discardNew },
  { id: "poison-to-dlq", text: poison },
  { id: "r3-leader-kill", text: leaderKill },
  { id: "quorum-loss", text: quorumLoss },
  { id: "process-crash-is-not-power-loss", text: kills },
  { id: "leader-in-minority", text: minority },
  { id: "power-loss-unsynced", text: powerLoss },
];

/** A scenario of the library, or null. */
export function libraryScenario(id: string): Scenario | null {
  const found = library.find((one) => one.id === id);
  return found === undefined ? null : parseScenario(found.text);
}
