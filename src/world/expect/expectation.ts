/**
 * Expectations: predicates that must hold now, within a time, or all the while. They are looked at
 * after notable events, every 100 virtual ms while one is pending, and at their deadline.
 */
import {
  type DurationNanos,
  millis,
  plus,
  schedule,
  setTimer,
  type VirtualNanos,
} from "../../kernel/index.ts";
import type { EventOf } from "../events.ts";
import type { CommandResult } from "../processes/request.ts";
import { endLine } from "../processes/terminal.ts";
import { sendInput } from "../processes/turns.ts";
import { recordWorld } from "../record.ts";
import type { Doors, World } from "../world.ts";
import { evaluatePredicate, type PlainValue, type Verdict } from "./predicate.ts";

export type ExpectationMode = "now" | "within" | "always";

/** Who waits for the verdict: a line at a terminal, or a process that asked. */
export type Awaiting =
  | { readonly kind: "line"; readonly tty: string; readonly command: number }
  | { readonly kind: "process"; readonly pid: number; readonly request: number };

export interface Expectation {
  readonly id: number;
  /** The line as it was typed. */
  readonly line: string;
  readonly predicate: string;
  readonly mode: ExpectationMode;
  readonly since: VirtualNanos;
  readonly until: VirtualNanos;
  /** What each `was(EXPRESSION)` was, in the order of the text. */
  readonly was: readonly PlainValue[];
  /** Null: nobody, it was decided at once. */
  readonly awaiting: Awaiting | null;
  /** `withdrawn`: whoever waited for it was interrupted. */
  status: "pending" | "held" | "failed" | "withdrawn";
}

export interface ExpectationFailure {
  readonly at: VirtualNanos;
  readonly line: string;
  readonly text: string;
  /** What the predicate gave: `false`, or why it had no value. */
  readonly value: string;
}

const lookEvery = millis(100);
const timerOwner = "expect";
// What `$?` shows of a command that Ctrl-C ended.
const interrupted = 130;

/** Adds an expectation and looks at it at once; answers its status. */
export function addExpectation(
  world: World,
  doors: Doors,
  plan: {
    readonly line: string;
    readonly predicate: string;
    readonly mode: ExpectationMode;
    readonly length: DurationNanos;
    readonly was: readonly PlainValue[];
    readonly awaiting: Awaiting | null;
  },
): Expectation {
  const { line, predicate, mode, was, awaiting } = plan;
  const since = world.kernel.now;
  const until = plus(since, plan.length);
  const id = world.expectations.length;
  const status = "pending";
  const made: Expectation = { id, line, predicate, mode, since, until, was, awaiting, status };
  world.expectations.push(made);
  look(world, doors, made);
  if (made.status === "pending") {
    // The deadline itself; the looks in between are one timer for all.
    schedule(world.kernel, until, { kind: "expect-check", host: null, expectation: id });
    armLook(world);
  }
  return made;
}

export function onExpectCheck(world: World, doors: Doors, event: EventOf<"expect-check">): void {
  if (event.expectation === null) {
    checkExpectations(world, doors);
    armLook(world);
    return;
  }
  const due = world.expectations[event.expectation];
  if (due?.status === "pending") lookAgain(world, doors, due);
}

/** Looks at every pending expectation. */
export function checkExpectations(world: World, doors: Doors): void {
  for (const one of world.expectations) {
    if (one.status === "pending") lookAgain(world, doors, one);
  }
}

/** What is said of an expectation that failed. */
export function failureText(predicate: string, value: string): string {
  return `failed: ${predicate} is ${value}`;
}

/** Ctrl-C at a terminal that waits for an expectation; true when there was one to end. */
export function interruptExpectation(world: World, doors: Doors, tty: string): boolean {
  const command = (world.terminals.get(tty)?.commands.length ?? 0) - 1;
  const waiting = world.expectations.find(({ status, awaiting }) => {
    if (status !== "pending" || awaiting?.kind !== "line") return false;
    return awaiting.tty === tty && awaiting.command === command;
  });
  if (waiting === undefined) return false;
  waiting.status = "withdrawn";
  endLine(world, doors, { tty, command }, { exit: interrupted, stdout: "", stderr: "" });
  return true;
}

/** A process has ended: what it waited for is of no interest any more. */
export function withdrawExpectationsOf(world: World, pid: number): void {
  for (const one of world.expectations) {
    if (one.status !== "pending" || one.awaiting?.kind !== "process") continue;
    if (one.awaiting.pid === pid) one.status = "withdrawn";
  }
}

/** True while an expectation waits: only then do notable events cost a look. */
export function hasPending(world: World): boolean {
  return world.expectations.some((one) => one.status === "pending");
}

/** A look after the first: its verdict is news to whoever waits. */
function lookAgain(world: World, doors: Doors, one: Expectation): void {
  look(world, doors, one);
  const { awaiting, status } = one;
  if (awaiting === null || status === "pending") return;
  const value = world.failures.at(-1)?.value ?? "";
  const text = status === "failed" ? `expect: ${failureText(one.predicate, value)}\n` : "";
  const result: CommandResult = { exit: status === "held" ? 0 : 1, stdout: "", stderr: text };
  if (awaiting.kind === "line") endLine(world, doors, awaiting, result);
  else {
    const { pid, request: id } = awaiting;
    sendInput(world, pid, { kind: "reply", id, reply: { ok: true, value: result } });
  }
}

function look(world: World, doors: Doors, one: Expectation): void {
  const verdict = evaluatePredicate(world, one.predicate, one.was);
  const isOver = world.kernel.now >= one.until;
  switch (one.mode) {
    case "now":
      settle(world, doors, one, verdict);
      return;
    case "within":
      if (verdict.holds || isOver) settle(world, doors, one, verdict);
      return;
    case "always":
      if (!verdict.holds || isOver) settle(world, doors, one, verdict);
      return;
  }
}

function settle(world: World, doors: Doors, one: Expectation, verdict: Verdict): void {
  one.status = verdict.holds ? "held" : "failed";
  const { line, predicate: text } = one;
  recordWorld(world, doors.trace, {
    host: "",
    kind: "expect",
    subject: text,
    detail: verdict.holds ? "held" : verdict.value,
  });
  if (verdict.holds) return;
  world.notable++;
  world.failures.push({ at: world.kernel.now, line, text, value: verdict.value });
}

function armLook(world: World): void {
  if (!hasPending(world)) return;
  const at = plus(world.kernel.now, lookEvery);
  const event = { kind: "expect-check", host: null, expectation: null } as const;
  setTimer(world.kernel, timerOwner, "look", at, event);
}
