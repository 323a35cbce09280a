/** Runs the insides of processes, one turn at a time. The only live objects of a session. */
import { assert } from "../kernel/index.ts";
import type { ProcessEffect, ProcessRecord, Turn } from "../world/index.ts";
import { ProcessInside } from "./process.ts";
import type { Program } from "./program.ts";
import { currentProcess, setCurrentProcess } from "./realm/current.ts";
import type { Realm } from "./realm/realm.ts";
import { installTransport } from "./transport.ts";

export interface ProcessHostOptions {
  readonly programs: Readonly<Record<string, Program>>;
  readonly realm: Realm;
}

export class ProcessHost {
  readonly #options: ProcessHostOptions;
  readonly #insides = new Map<number, ProcessInside>();

  constructor(options: ProcessHostOptions) {
    this.#options = options;
    installTransport(() => {
      const process = currentProcess();
      assert(process instanceof ProcessInside, "a connection was opened while no process runs");
      return process;
    });
  }

  /**
   * Gives a process one input; resolves with what it did, in order, when it waits again. Rejects
   * with an AssertionError that came up inside; errors of programs are their own affair.
   */
  async turn(record: ProcessRecord, turn: Turn): Promise<ProcessEffect[]> {
    const inside = this.#insideFor(record, turn);
    const { realm } = this.#options;
    assert(currentProcess() === null, "two processes ran at once");
    setCurrentProcess(inside);
    try {
      inside.take(turn);
      await realm.original.yieldMacrotask();
      for (let next = realm.takeLoad(); next !== null; next = realm.takeLoad()) {
        setCurrentProcess(null);
        const handOver = await next();
        setCurrentProcess(inside);
        handOver();
        await realm.original.yieldMacrotask();
      }
      while (realm.holds > 0) {
        await realm.settled();
        await realm.original.yieldMacrotask();
      }
      if (inside.fault !== null) throw inside.fault;
      return inside.takeEffects();
    } finally {
      setCurrentProcess(null);
      if (inside.exited) this.#insides.delete(record.pid);
    }
  }

  has(pid: number): boolean {
    return this.#insides.has(pid);
  }

  /** Forgets a process: it was killed, or is of another moment. */
  drop(pid: number): void {
    this.#insides.delete(pid);
  }

  dropAll(): void {
    this.#insides.clear();
  }

  /** Builds the inside of a process again from every turn that it has taken, `start` first. */
  async rebuild(record: ProcessRecord, turns: Iterable<Turn>): Promise<void> {
    this.#insides.delete(record.pid);
    for (const turn of turns) await this.turn(record, turn);
  }

  #insideFor(record: ProcessRecord, turn: Turn): ProcessInside {
    const known = this.#insides.get(record.pid);
    if (known !== undefined) return known;
    const { pid, program: name } = record;
    assert(turn.input.kind === "start", `process ${pid} takes a turn and was never started`);
    const program = this.#options.programs[name];
    assert(program !== undefined, `process ${pid} runs ${name}, which is no program`);
    const inside = new ProcessInside(record, turn, program);
    this.#insides.set(pid, inside);
    return inside;
  }
}
