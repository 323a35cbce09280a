/** One or two sentences at the foot of the canvas; the same facts as Why. */
import type {
  CaptionView,
  ConsumerView,
  FlightView,
  GroupView,
  LedgerView,
  RouteView,
  ServerView,
  StreamView,
} from "../frames.ts";
import { captionOfCluster } from "./cluster/caption-cluster.ts";

export interface CaptionScene {
  readonly now: number;
  readonly servers: readonly ServerView[];
  readonly streams: readonly StreamView[];
  readonly consumers: readonly ConsumerView[];
  readonly groups: readonly GroupView[];
  readonly routes: readonly RouteView[];
  readonly ledger: LedgerView;
  readonly lost: readonly FlightView[];
  /** A sentence that came with the scenario or the link. */
  readonly given: string;
  /** Of features, when the picture has any. */
  readonly special: () => CaptionView | null;
}

export function viewCaption(scene: CaptionScene): CaptionView | null {
  return (
    captionOfLoss(scene) ??
    captionOfCluster(scene) ??
    captionOfServer(scene) ??
    captionOfAgain(scene) ??
    captionOfGate(scene) ??
    captionGiven(scene) ??
    scene.special() ??
    captionOfFlow(scene)
  );
}

function captionOfLoss({ consumers, lost, now }: CaptionScene): CaptionView | null {
  for (const flight of lost) {
    if (flight.kind !== "ack") continue;
    const consumer = consumers.find((one) => one.id === (flight.about ?? flight.target));
    const seat = consumer?.seats.find((one) => one.seq === flight.seq);
    if (consumer === undefined || seat === undefined || seat.armed > flight.departs) continue;
    const left = (Math.max(0, seat.deadline - now) / 1e9).toFixed(2);
    return {
      strong: `The ack for ${flight.seq} fell off the wire.`,
      rest: `${consumer.name} hears nothing, so in ${left} s it delivers ${flight.seq} again.`,
    };
  }
  return null;
}

function captionOfServer({ servers }: CaptionScene): CaptionView | null {
  const words: Partial<Record<ServerView["state"], string>> = {
    down: "is killed: the process is gone, its disk is not.",
    off: "has no power. What was not synced is gone.",
    frozen: "is frozen. Its connections stay open and nothing answers.",
  };
  for (const server of servers) {
    const rest = words[server.state];
    if (rest === undefined) continue;
    return { strong: `${server.name} ${rest}`, rest: "Clients try to connect again." };
  }
  return null;
}

function captionOfAgain({ consumers, now }: CaptionScene): CaptionView | null {
  for (const consumer of consumers) {
    const seat = consumer.seats.find((one) => one.tries > 1 && now - one.armed < 4e9);
    if (seat === undefined) continue;
    return {
      strong: `${consumer.name} delivered ${seat.seq} again.`,
      rest: "That is at-least-once: the server repeats until it hears an ack.",
    };
  }
  return null;
}

function captionOfGate({ consumers }: CaptionScene): CaptionView | null {
  for (const consumer of consumers) {
    if (consumer.limit <= 0 || consumer.taken < consumer.limit || consumer.waiting === 0) continue;
    if (consumer.limit < 2) continue;
    return {
      strong: `All ${consumer.limit} seats of ${consumer.name} are taken.`,
      rest: `${consumer.waiting} messages wait until one is acked.`,
    };
  }
  return null;
}

function captionGiven({ given }: CaptionScene): CaptionView | null {
  if (given === "") return null;
  const end = given.search(/[.:] /);
  if (end < 0) return { strong: given, rest: "" };
  return { strong: given.slice(0, end + 1), rest: given.slice(end + 2) };
}

function captionOfFlow({ streams, consumers }: CaptionScene): CaptionView | null {
  const stream = streams[0];
  if (stream === undefined) return null;
  if (stream.messages === 0 && stream.last === 0) {
    const subjects = stream.subjects.split(" ")[0] ?? "";
    return {
      strong: `${stream.name} is empty.`,
      rest: `It takes what is published to ${subjects}.`,
    };
  }
  const kept = `${stream.name} holds ${stream.messages} ${stream.messages === 1 ? "message" : "messages"}.`;
  const consumer = consumers.find((one) => one.stream === stream.id);
  if (consumer === undefined) return { strong: kept, rest: "No consumer reads it yet." };
  const rest =
    consumer.waiting > 0
      ? `${consumer.waiting} ${consumer.waiting === 1 ? "waits" : "wait"} for ${consumer.name}.`
      : consumer.taken > 0
        ? `${consumer.name} waits for ${consumer.taken === 1 ? "one ack" : `${consumer.taken} acks`}.`
        : `${consumer.name} has delivered all of it.`;
  return { strong: kept, rest };
}
