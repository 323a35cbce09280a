/**
 * A tap on one direction of a connection. It reads whole messages as they are sent, gives each a
 * mark, and takes away those that a `fault drop` rule matches.
 */
import { concatBytes } from "../../protocol/index.ts";
import type { Direction } from "../events.ts";
import type { World } from "../world.ts";
import { takeDrop } from "./drop.ts";
import { createFrame, incomplete, malformed, readFrame } from "./frames.ts";
import { type Mark, markFrame } from "./marks.ts";

export interface TapState {
  /** The beginning of a message that is not there whole. */
  carry: Uint8Array | null;
  /** The least length that `carry` needs before it is worth reading again. */
  wanted: number;
  /** How many bytes of `carry` have been sent on already. */
  passed: number;
  /** The bytes make no sense (the server will say so): everything passes unread. */
  blind: boolean;
}

/** What comes out of a tap for one write. */
export interface Tapped {
  /** What is sent on now; may be empty. */
  readonly bytes: Uint8Array;
  readonly marks: readonly Mark[];
  readonly lost: readonly Mark[];
}

export function createTap(): TapState {
  return { carry: null, wanted: 0, passed: 0, blind: false };
}

const none: readonly Mark[] = [];
// One frame is read at a time; its strings are copied into marks.
const frame = createFrame();

/** Reads a write. While a drop rule stands, the beginning of a message waits for its end. */
export function tapBytes(
  world: World,
  tap: TapState,
  direction: Direction,
  written: Uint8Array,
): Tapped {
  if (tap.blind) return { bytes: written, marks: none, lost: none };
  const bytes = tap.carry === null ? written : joinBytes(tap.carry, written);
  const holding = world.drops.length > 0;
  if (bytes.length < tap.wanted) return keepCarry(tap, bytes, 0, holding);
  const marks: Mark[] = [];
  const lost: Mark[] = [];
  const cuts: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = readFrame(bytes, at, frame);
    if (end === incomplete) break;
    if (end === malformed) {
      tap.blind = true;
      break;
    }
    const mark = markFrame(bytes, frame, direction, world.flightNext);
    if (mark !== null) {
      world.flightNext++;
      const untouched = at >= tap.passed;
      if (holding && untouched && takeDrop(world, mark)) {
        lost.push(mark);
        cuts.push(at, end);
      } else marks.push(mark);
    }
    at = end;
  }
  return finishTap(tap, bytes, { at, marks, lost, cuts, holding });
}

interface TapPass {
  readonly at: number;
  readonly marks: Mark[];
  readonly lost: Mark[];
  readonly cuts: number[];
  readonly holding: boolean;
}

function finishTap(tap: TapState, bytes: Uint8Array, pass: TapPass): Tapped {
  const { at, marks, lost, cuts } = pass;
  const passedBefore = tap.passed;
  const rest = at < bytes.length ? bytes.slice(at) : null;
  const holds = pass.holding && !tap.blind;
  // A beginning that was sent on before the rule came cannot be held any more.
  const restPassed = rest === null ? 0 : holds ? Math.max(0, passedBefore - at) : rest.length;
  tap.carry = tap.blind ? null : rest;
  tap.wanted = rest === null || tap.blind ? 0 : Math.max(0, frame.end - at);
  tap.passed = tap.blind ? 0 : restPassed;
  const upTo = at + restPassed;
  const kept: Uint8Array[] = [];
  let from = passedBefore;
  for (let i = 0; i < cuts.length; i += 2) {
    kept.push(bytes.subarray(from, cuts[i]));
    from = cuts[i + 1] ?? from;
  }
  if (upTo > from) kept.push(bytes.subarray(from, upTo));
  return { bytes: kept.length === 1 ? (kept[0] ?? bytes) : concatBytes(kept), marks, lost };
}

/** The message is still not whole: remember the bytes, and send them on unless they are held. */
function keepCarry(tap: TapState, bytes: Uint8Array, from: number, holding: boolean): Tapped {
  const before = tap.passed;
  tap.carry = bytes.slice(from);
  tap.passed = holding ? before : bytes.length;
  return { bytes: bytes.subarray(before, tap.passed), marks: none, lost: none };
}

export function joinBytes(one: Uint8Array, other: Uint8Array): Uint8Array {
  const joined = new Uint8Array(one.length + other.length);
  joined.set(one, 0);
  joined.set(other, one.length);
  return joined;
}
