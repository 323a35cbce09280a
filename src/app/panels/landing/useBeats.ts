/** What moves the visitor from beat to beat: what they do, and what the engine then does. */
import { useEffect } from "react";
import type { FlightView } from "../../../worker/frames.ts";
import { propose, submit } from "../../actions/submit.ts";
import { pause, play, seek, step } from "../../actions/transport.ts";
import type { Guess } from "../../store/landing.ts";
import { useView, type View } from "../../store/view.ts";

/** Notable moments to go on at most until an ack is in the air. */
const stepsAtMost = 24;
/** How far an ack has come when it is offered to the hand. */
const offeredAt = 0.22;
/** The share of its way after which an ack can no longer be caught: it breaks half way. */
const lastCatch = 0.42;

export function useBeats(): void {
  useEffect(() => {
    const stop = useView.subscribe((view, before) => follow(view, before));
    return stop;
  }, []);
}

function follow(view: View, before: View): void {
  if (view.beat === "stop" && before.run.playing && !view.run.playing) {
    view.toBeat("lose");
    void untilAckFlies();
  } else if (view.beat === "lose" && view.run.playing && !before.run.playing) {
    view.toBeat("stop");
  } else if (view.beat === "run" && cameAgain(view)) {
    view.toBeat("write");
    propose("nats pub -J orders.new hello");
  } else if (view.beat === "write" && view.journal !== before.journal) {
    if (view.journal.includes("nats pub -J orders.new")) view.toBeat("doors");
  }
}

/** The ack that can be caught now. */
export function flyingAck(view: View): FlightView | null {
  for (const flight of view.flights.values()) {
    if (flight.kind !== "ack" || flight.lost) continue;
    const share = (view.at - flight.departs) / (flight.arrives - flight.departs);
    if (share > 0.05 && share < lastCatch) return flight;
  }
  return null;
}

/** Time stands, but the picture needs an ack in the air: it goes to where one is. */
async function untilAckFlies(): Promise<void> {
  for (let i = 0; i < stepsAtMost; i += 1) {
    const view = useView.getState();
    if (view.beat !== "lose" || view.run.playing || flyingAck(view) !== null) return;
    // A step stops where a server has the ack: a moment ago it was in the air.
    const last = [...view.flights.values()].find(
      (flight) => flight.kind === "ack" && !flight.lost && view.at - flight.arrives < 1e6,
    );
    if (last === undefined) await step("interesting");
    else await seek(last.departs + (last.arrives - last.departs) * offeredAt);
    await nextFrame();
  }
}

/** Until the picture of the new moment has come. */
function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

/**
 * Takes an ack off the wire. A fault acts when a message departs, so the line is put in just before
 * that moment, on a new branch, and time comes back to where it stood.
 */
export function dropAck(flight: FlightView): Promise<void> {
  dropping = takeOffTheWire(flight);
  return dropping;
}

/** The drop under way: a guess that comes before its end must not be stopped by its last seek. */
let dropping: Promise<void> = Promise.resolve();

async function takeOffTheWire(flight: FlightView): Promise<void> {
  const { at } = useView.getState();
  const [stream, consumer] = flight.target.slice("consumer:".length).split("/");
  useView.getState().toBeat("guess");
  await pause();
  await seek(flight.departs - 1);
  await submit(`fault drop ack --stream ${stream} --consumer ${consumer}`);
  await seek(at);
}

export function takeGuess(guess: Guess): void {
  const view = useView.getState();
  view.takeGuess(guess);
  view.toBeat("run");
  void dropping.then(() => play(1));
}

/** When the message was seen to go out again; the line changes a little later. */
let againAt: number | null = null;
const lookNanos = 1.2e9;

function cameAgain(view: View): boolean {
  for (const consumer of view.consumers.values()) {
    const seat = consumer.seats.find((one) => one.tries > 1);
    if (seat !== undefined) againAt ??= seat.armed;
  }
  return againAt !== null && view.at - againAt > lookNanos;
}
