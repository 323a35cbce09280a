/**
 * Drives one world along one branch: takes events and due inputs in order, gives processes their
 * turns (live) or their recorded effects (in the past), and keeps checkpoints.
 */
import { ProcessHost, type Program, type Realm } from "../clients/index.ts";
import {
  addCheckpoint,
  advanceTo,
  assert,
  type Checkpoint,
  checkpointIsDue,
  fork,
  forkMeasured,
  nextEventAt,
  type VirtualNanos,
} from "../kernel/index.ts";
import { applyEffects, type Doors, runNextEvent, type Turn, type World } from "../world/index.ts";
import { type Branch, forgetOldest, forkBranch, type Recorded } from "./branch.ts";
import { readyForEffects, readyForEvent, readyForLine } from "./first-use.ts";
import type { LessonDoor } from "./ground.ts";
import { applyInput, isDue } from "./inputs.ts";
import { effectsOf, firstTurns, recordTurn } from "./turns/turn-log.ts";

/** When to stop; the earliest wins. */
export interface Stop {
  /** The last instant to run; infinite for as long as anything happens. */
  readonly at: VirtualNanos;
  /** Looked at after every event. */
  readonly reached?: (world: World) => boolean;
  /** Looked at before every event and input. */
  readonly interrupted?: () => boolean;
  /** Stop when this entry of the journal is due, without applying it. */
  readonly beforeInput?: number;
  /** Stay in the past even where it meets the newest moment. */
  readonly pastOnly?: boolean;
}

/** `idle`: nothing is left to happen. */
export type StopReason = "reached" | "interrupted" | "idle";

export interface DriverOptions {
  readonly programs: Readonly<Record<string, Program>>;
  readonly realm: Realm;
  /** Keep turns and checkpoints; without them there is no way back in time. */
  readonly record: boolean;
  readonly lessons: LessonDoor | null;
  /** Called after every event and every input. */
  readonly moved: () => void;
}

// A driver that runs flat out lets the realm's own messages in this often.
const breathMs = 12;
const eventsPerLook = 64;

export class Driver {
  world: World;
  branch: Branch;
  /** Journal entries that went into `world`. */
  applied = 0;
  /** The processes inside are those of `world`, and it is the branch's newest moment. */
  live = true;
  readonly doors: Doors;
  readonly #options: DriverOptions;
  readonly #host: ProcessHost;
  /** The branch whose newest moment the live processes belong to. */
  #hostBranch: number;
  #lastBreath: number;

  constructor(world: World, branch: Branch, doors: Doors, options: DriverOptions) {
    this.world = world;
    this.branch = branch;
    this.doors = doors;
    this.#options = options;
    this.#host = new ProcessHost({ programs: options.programs, realm: options.realm });
    this.#hostBranch = branch.id;
    this.#lastBreath = options.realm.original.now();
  }

  /** Runs until a stop rule holds; then the clock stands at `stop.at` unless something else held. */
  async advance(stop: Stop): Promise<StopReason> {
    for (let n = 1; ; n++) {
      if (stop.interrupted?.() === true) return "interrupted";
      if (!this.live && this.isAtHead()) {
        const headAt = this.branch.head?.world.kernel.now ?? this.world.kernel.now;
        if (stop.pastOnly === true || headAt > stop.at) break;
        await this.goLive();
      }
      const input = this.nextInput();
      if (input !== null && input.entry.at <= stop.at && isDue(this.world.kernel, input.entry)) {
        if (this.applied === stop.beforeInput) return "reached";
        await this.applyNext();
        continue;
      }
      const due = nextEventAt(this.world.kernel);
      if (due === null || due > stop.at) break;
      const coming = readyForEvent(this.#options, this.world);
      if (coming !== null) await coming;
      this.#beginStep();
      runNextEvent(this.world, this.doors);
      if (this.world.turn !== null) await this.#finishTurn(this.world.turn);
      if (this.live) this.#checkpoint();
      this.#options.moved();
      if (stop.reached?.(this.world) === true) return "reached";
      if (n % eventsPerLook === 0) await this.#breathe();
    }
    if (stop.at === Number.POSITIVE_INFINITY) return "idle";
    if (stop.at > this.world.kernel.now) advanceTo(this.world.kernel, stop.at);
    return "reached";
  }

  /** The journal's entry that comes next, or null at its end. */
  nextInput(): Recorded | null {
    return this.branch.journal[this.applied] ?? null;
  }

  /** Applies the next journal entry at this instant; answers the command that it began, if any. */
  async applyNext(): Promise<number | null> {
    const { kernel } = this.world;
    const recorded = this.nextInput();
    assert(recorded !== null, "no input is left to apply");
    const { entry, script } = recorded;
    if (entry.kind === "line") await readyForLine(this.#options, entry.text);
    if (entry.at > kernel.now) advanceTo(kernel, entry.at);
    if (this.live) this.branch.journal[this.applied] = { entry, script, ran: kernel.ranNow };
    this.#beginStep();
    this.applied += 1;
    const command = applyInput(this.world, this.doors, entry);
    this.#options.moved();
    return command;
  }

  /** True when a world in the past has reached the newest moment of its branch. */
  isAtHead(): boolean {
    const { head } = this.branch;
    if (head === null) return this.live;
    const sameEvents = head.world.kernel.eventsRun === this.world.kernel.eventsRun;
    return sameEvents && head.applied === this.applied;
  }

  /** Keeps the newest moment aside, so that another one can be looked at. */
  leave(): void {
    if (!this.live) return;
    this.branch.head = { world: this.world, applied: this.applied };
    this.live = false;
  }

  /** Returns to the newest moment of the branch, with its processes alive. */
  async goLive(): Promise<void> {
    if (this.live) return;
    const { head } = this.branch;
    assert(head !== null, "a branch without a newest moment");
    this.world = head.world;
    this.applied = head.applied;
    this.branch.head = null;
    this.live = true;
    if (this.#hostBranch !== this.branch.id) await this.#rebuildProcesses();
  }

  /** Looks at a moment of the past: a copy of a checkpoint, without any process. */
  restore(checkpoint: Checkpoint<World>): void {
    this.leave();
    this.world = fork(checkpoint.state);
    this.applied = checkpoint.inputs;
  }

  /** Makes this moment the newest of a branch of its own. The old branch keeps its future. */
  async branchHere(id: number): Promise<Branch> {
    const from = this.branch;
    this.branch = forkBranch(from, id, this.world, this.applied);
    if (this.live) {
      // Same processes, another future: they go over to the new branch.
      from.head = { world: fork(this.world), applied: this.applied };
      this.#hostBranch = id;
    } else {
      this.live = true;
      await this.#rebuildProcesses();
    }
    return from;
  }

  /** Turns to the newest moment of another branch. */
  async switchTo(branch: Branch): Promise<void> {
    this.leave();
    this.branch = branch;
    await this.goLive();
  }

  /** Adds a checkpoint of this moment, whether one is due or not. */
  keepCheckpoint(): void {
    const { world, applied: inputs } = this;
    const { now: at, eventsRun } = world.kernel;
    const { copy, size } = forkMeasured(world);
    // An engine's code is made for the shapes of objects that it meets, and copies have others than
    // what an input has just built: going on in the copy, it knows both before the first seek.
    const isBuilt = this.branch.checkpoints.kept.at(-1)?.inputs !== inputs;
    const goesOn = this.#options.record && isBuilt;
    if (goesOn) this.world = copy;
    const state = goesOn ? world : copy;
    addCheckpoint(this.branch.checkpoints, { at, eventsRun, inputs, size, state });
  }

  /** A process is gone; in the past none is there to forget. */
  forget(pid: number): void {
    if (this.live) this.#host.drop(pid);
  }

  dispose(): void {
    this.#host.dropAll();
  }

  /** What is recorded from here on belongs to the event or input that comes now. */
  #beginStep(): void {
    const { trace } = this.doors;
    if (trace !== null) trace.step = this.world.kernel.eventsRun + this.applied + 1;
  }

  #checkpoint(): void {
    const { kernel } = this.world;
    if (!this.#options.record) return;
    // `was(...)` looks at the moment before the first line of an instant: whoever starts from a
    // checkpoint must meet all lines of its instant, or none.
    if (this.branch.journal[this.applied - 1]?.entry.at === kernel.now) return;
    if (!checkpointIsDue(this.branch.checkpoints, kernel.eventsRun)) return;
    this.keepCheckpoint();
  }

  async #finishTurn(turn: Turn): Promise<void> {
    if (!this.live) {
      const effects = effectsOf(this.branch.turns, turn);
      assert(effects !== null, `turn ${turn.number} of process ${turn.pid} was not recorded`);
      await readyForEffects(this.#options, effects);
      applyEffects(this.world, this.doors, turn, effects);
      return;
    }
    const record = this.world.processes.get(turn.pid);
    assert(record !== undefined, `a turn for process ${turn.pid}, which is gone`);
    const effects = await this.#host.turn(record, turn);
    if (this.#options.record) {
      recordTurn(this.branch.turns, { turn, effects });
      forgetOldest(this.branch);
    }
    await readyForEffects(this.#options, effects);
    applyEffects(this.world, this.doors, turn, effects);
  }

  /** Builds the processes alive in this world from the turns that they have taken. */
  async #rebuildProcesses(): Promise<void> {
    this.#host.dropAll();
    this.#hostBranch = this.branch.id;
    for (const record of this.world.processes.values()) {
      if (record.status !== "running" || record.turns === 0) continue;
      await this.#host.rebuild(record, firstTurns(this.branch.turns, record.pid, record.turns));
    }
  }

  async #breathe(): Promise<void> {
    const { original } = this.#options.realm;
    if (original.now() - this.#lastBreath < breathMs) return;
    await original.yieldMacrotask();
    this.#lastBreath = original.now();
  }
}
