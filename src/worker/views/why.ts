/** Why: one question about what is selected, answered from the state, with the times it knows. */
import { type ConsumerState, int64ToNumber, isPush } from "../../jetstream/index.ts";
import { tableFirst } from "../../kernel/index.ts";
import type { ConsumerView, FlightView, SeatView, WhyLineView } from "../frames.ts";
import { secondsText } from "./consumers.ts";
import { messageId, splitId } from "./names.ts";

export interface Why {
  readonly question: string;
  readonly lines: readonly WhyLineView[];
  readonly evidence: string;
}

/** What the ack wait is when nobody sets it. Source: nats-server JsAckWaitDefault. */
const usualAckWait = 30e9;

export interface ConsumerScene {
  readonly now: number;
  readonly state: ConsumerState;
  readonly view: ConsumerView;
  readonly stream: string;
  readonly streamLast: number;
  /** Acks that were lost on their way to this consumer. */
  readonly lost: readonly FlightView[];
}

/** Source: nats-server consumer.go: getNextMsg, checkPending, maxp. Each is one sentence here. */
export function whyConsumer(scene: ConsumerScene): Why {
  const { view } = scene;
  const lost = [...view.seats].sort((a, b) => a.deadline - b.deadline);
  const silent = lost.find((seat) => scene.lost.some((flight) => isAbout(flight, seat)));
  if (silent !== undefined) return whyAgain(scene, silent);
  if (view.limit > 0 && view.taken >= view.limit && view.waiting > 0) return whyStalled(scene);
  const again = lost.find((seat) => seat.tries > 1);
  if (again !== undefined) return whyRepeated(scene, again);
  if (view.taken > 0) return whyWaiting(scene, lost[0] as SeatView);
  return whyIdle(scene);
}

function isAbout(flight: FlightView, seat: SeatView): boolean {
  return flight.kind === "ack" && flight.seq === seat.seq && flight.departs >= seat.armed;
}

function whyAgain(scene: ConsumerScene, seat: SeatView): Why {
  const { view, stream } = scene;
  const flight = scene.lost.find((one) => isAbout(one, seat)) as FlightView;
  const who = nameOf(seat.client);
  const lines: WhyLineView[] = [
    past(
      seat.armed,
      `${view.name} delivered ${link(stream, seat.seq)} to ${who} and started its clock.`,
    ),
    past(flight.departs, `${who} finished and acked.`),
    past(half(flight), "The ack was dropped on the wire by your fault _(our model)_."),
    now(scene, `${view.name} has heard nothing. To the server, silence is failure.`),
    next(
      seat.deadline,
      `${waitWords(scene)} ends. ${view.name} sends ${seat.seq} to the next pull.`,
    ),
  ];
  return { question: `Why will ${seat.seq} be delivered again?`, lines, evidence: checked };
}

function whyRepeated(scene: ConsumerScene, seat: SeatView): Why {
  const { view, stream } = scene;
  const lines: WhyLineView[] = [
    past(
      null,
      `${link(stream, seat.seq)} went out ${timesText(seat.tries - 1)} and no ack came back in time.`,
    ),
    past(seat.armed, `${view.name} delivered it to ${nameOf(seat.client)}, attempt ${seat.tries}.`),
    next(seat.deadline, `${waitWords(scene)} ends; then it goes out once more.`),
  ];
  return {
    question: `Why was ${seat.seq} delivered ${seat.tries} times?`,
    lines,
    evidence: checked,
  };
}

function whyStalled(scene: ConsumerScene): Why {
  const { view } = scene;
  const first = view.seats.reduce<SeatView | null>(
    (soonest, seat) => (soonest === null || seat.deadline < soonest.deadline ? seat : soonest),
    null,
  );
  const lines: WhyLineView[] = [
    now(scene, `All ${view.limit} seats are taken: max_ack_pending is **${view.limit}**.`),
    now(scene, `${view.waiting} messages wait behind the gate.`),
    next(first?.deadline ?? null, `An ack of any of them, or the end of AckWait, opens a seat.`),
  ];
  return { question: `Why does ${view.name} deliver nothing?`, lines, evidence: checked };
}

function whyWaiting(scene: ConsumerScene, seat: SeatView): Why {
  const { view, stream } = scene;
  const lines: WhyLineView[] = [
    past(seat.armed, `${view.name} delivered ${link(stream, seat.seq)} to ${nameOf(seat.client)}.`),
    now(
      scene,
      `${view.taken === 1 ? "It waits for the ack." : `It waits for ${view.taken} acks.`}`,
    ),
    next(seat.deadline, `${waitWords(scene)} ends. Without an ack, ${seat.seq} goes out again.`),
  ];
  return { question: `What is ${view.name} waiting for?`, lines, evidence: checked };
}

function whyIdle(scene: ConsumerScene): Why {
  const { view, state, streamLast } = scene;
  const question = `Why is ${view.name} idle?`;
  if (view.paused) {
    return {
      question,
      lines: [now(scene, "It is paused; deliveries go on when the pause ends.")],
      evidence: checked,
    };
  }
  if (view.waiting === 0) {
    const rest =
      streamLast === 0 ? "The stream is empty." : `Everything up to ${view.needle} is delivered.`;
    const lines = [
      now(scene, rest),
      now(scene, `Floor ${view.floor}: nothing up to there waits for an answer.`),
    ];
    return { question, lines, evidence: checked };
  }
  if (isPush(state.config)) {
    const lines = [now(scene, `Nobody listens on \`${state.config.deliver_subject}\`.`)];
    return { question, lines, evidence: checked };
  }
  const asked = tableFirst(state.waiting.requests) !== null;
  const lines = [
    now(scene, `${view.waiting} messages wait to be delivered.`),
    now(
      scene,
      asked ? "A pull is open." : "Nobody has asked: a pull consumer sends only what is pulled.",
    ),
  ];
  return { question, lines, evidence: checked };
}

function timesText(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

const checked = "checked on nats-server 2.15";

function waitWords({ state }: ConsumerScene): string {
  const wait = int64ToNumber(state.config.ack_wait);
  const usual = wait === usualAckWait ? "" : ` _(default ${secondsText(usualAckWait)})_`;
  return `AckWait **${secondsText(wait)}**${usual}`;
}

function nameOf(client: string | null): string {
  if (client === null) return "a client";
  const [, name] = splitId(client);
  return name === "t1" ? "the terminal" : name;
}

function link(stream: string, seq: number): string {
  return `[${seq}](${messageId(stream, seq)})`;
}

function half(flight: FlightView): number {
  return flight.departs + (flight.arrives - flight.departs) / 2;
}

const past = (at: number | null, text: string): WhyLineView => ({ at, text, tense: "past" });
const next = (at: number | null, text: string): WhyLineView => ({ at, text, tense: "next" });
const now = (scene: { readonly now: number }, text: string): WhyLineView => ({
  at: scene.now,
  text,
  tense: "now",
});
