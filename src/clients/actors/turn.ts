/** Workload actors: small state machines that speak NATS, cheap in thousands. */
import { assert, unreachable } from "../../kernel/index.ts";
import { createNuid, nextNuid } from "../../protocol/index.ts";
import type { ActorInput, ActorRecord, Doors, World } from "../../world/index.ts";
import {
  dialAgain,
  dialServer,
  giveUpDial,
  greet,
  leave,
  pingServer,
  type Role,
  readBytes,
} from "./connection.ts";
import { createMemory } from "./memory.ts";
import { makeNext, onWaited, publisherRole } from "./publisher.ts";
import { actorDraw, beginShift, endShift, type Shift } from "./shift.ts";
import { askWhenIdle, onPullTimeout, onUnconfirmed, onWorked, workerRole } from "./worker.ts";

/** Gives an actor one input. What it does goes through the world at once (`Doors.actor`). */
export function actorTurn(world: World, doors: Doors, name: string, input: ActorInput): void {
  const actor = world.actors.get(name);
  assert(actor !== undefined, `input for an actor that does not exist: ${name}`);
  if (input.kind === "start") rememberFirst(world, actor);
  const shift = beginShift(world, doors, actor);
  // What belongs to a connection that was given up says nothing any more.
  if ("conn" in input && input.conn !== actor.conn) return;
  take(shift, input);
  endShift(shift);
}

function take(shift: Shift, input: ActorInput): void {
  const role: Role = shift.actor.plan.role === "publisher" ? publisherRole : workerRole;
  switch (input.kind) {
    case "start":
      return dialServer(shift);
    case "connected":
      return greet(shift);
    case "refused":
    case "closed":
      return leave(shift, role);
    case "bytes":
      return readBytes(shift, role, input.bytes);
    case "timer":
      return onTimer(shift, role, input);
    default:
      return unreachable(input);
  }
}

function onTimer(
  shift: Shift,
  role: Role,
  timer: { readonly name: string; readonly detail: number },
): void {
  switch (timer.name) {
    case "dial":
      return dialAgain(shift);
    case "dial-timeout":
      return giveUpDial(shift, role);
    case "ping":
      return pingServer(shift, role);
    case "tick":
      return makeNext(shift);
    case "pull":
      return onPullTimeout(shift);
    case "ask":
      return askWhenIdle(shift);
    case "work":
      return onWorked(shift);
    default:
      if (timer.name.startsWith("confirm:")) return onUnconfirmed(shift, timer.detail);
      assert(timer.name.startsWith("wait:"), `no such timer of an actor: ${timer.name}`);
      return onWaited(shift, timer.detail);
  }
}

function rememberFirst(world: World, actor: ActorRecord): void {
  const draw = actorDraw(world, actor);
  const inbox = `_INBOX.${nextNuid(createNuid(draw), draw)}`;
  actor.memory = createMemory(actor, inbox, world.kernel.now);
}
