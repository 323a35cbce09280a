/** What a turn of a process did, performed in order. */
import { assert, clearTimer, unreachable } from "../../kernel/index.ts";
import { dial } from "../dial.ts";
import { cleanClose, closeConn, sendBytes } from "../send.ts";
import type { Doors, World } from "../world.ts";
import { writeFile } from "./files.ts";
import { writePipe } from "./pipes.ts";
import type { ProcessRecord } from "./process.ts";
import { performRequest } from "./requests.ts";
import { endProcess } from "./spawn.ts";
import { writeTerminal } from "./terminal.ts";
import type { ProcessEffect, Turn } from "./turn.ts";
import { sendInput, setProcessTimer, timerOwner } from "./turns.ts";

/** Performs what the turn in `world.turn` did, and clears it. */
export function applyEffects(
  world: World,
  doors: Doors,
  turn: Turn,
  effects: readonly ProcessEffect[],
): void {
  assert(world.turn !== null, "effects without a turn");
  assert(world.turn.pid === turn.pid, `effects of process ${turn.pid} in another's turn`);
  world.turn = null;
  const record = world.processes.get(turn.pid);
  assert(record !== undefined, `effects of unknown process ${turn.pid}`);
  for (const effect of effects) {
    if (record.status !== "running") return;
    perform(world, doors, record, effect);
  }
}

function perform(world: World, doors: Doors, record: ProcessRecord, effect: ProcessEffect): void {
  switch (effect.kind) {
    case "connect": {
      const owner = { kind: "process", pid: record.pid, local: effect.conn } as const;
      const { host, port, transport } = effect;
      const conn = dial(world, { from: { host: record.host, owner }, host, port, transport });
      record.conns.set(effect.conn, conn.id);
      return;
    }
    case "send": {
      const conn = record.conns.get(effect.conn);
      if (conn !== undefined) sendBytes(world, doors, conn, "a", effect.bytes);
      return;
    }
    case "close": {
      const conn = record.conns.get(effect.conn);
      record.conns.delete(effect.conn);
      if (conn !== undefined) closeConn(world, conn, "a", cleanClose);
      return;
    }
    case "timer":
      setProcessTimer(world, record, effect.id, effect.after);
      return;
    case "clear-timer":
      clearTimer(world.kernel, timerOwner(record.pid), String(effect.id));
      return;
    case "write":
      write(world, doors, record, effect);
      return;
    case "request":
      performRequest(world, doors, record, effect);
      return;
    case "exit":
      endProcess(world, doors, record, effect.code);
      return;
    case "tty-mode":
      record.raw = effect.raw;
      return;
    default:
      unreachable(effect);
  }
}

function write(
  world: World,
  doors: Doors,
  record: ProcessRecord,
  { fd, bytes }: Extract<ProcessEffect, { kind: "write" }>,
): void {
  const to = fd === 1 ? record.stdout : record.stderr;
  switch (to.kind) {
    case "tty":
    case "capture":
      writeTerminal(world, doors, to, { command: record.command, bytes });
      return;
    case "pipe":
      if (!writePipe(world, to.pipe, bytes)) {
        sendInput(world, record.pid, { kind: "signal", name: "PIPE" });
      }
      return;
    case "file": {
      const files = world.hosts.get(record.host)?.files;
      if (files !== undefined) {
        writeFile(files, to.path, { bytes, append: true, now: world.kernel.now });
      }
      return;
    }
    case "bytes":
    case "null":
      return;
    default:
      unreachable(to);
  }
}
