/**
 * A session: one world and the processes in it, driven through time. It stamps and records inputs,
 * runs, seeks, branches and undoes. One operation at a time: each waits for the one before.
 */
import {
  advanceTo,
  type JournalEntry,
  type JournalKind,
  nanos,
  plus,
  type VirtualNanos,
  virtualNanos,
  worldStart,
} from "../kernel/index.ts";
import { emptyScenario, formatScenario, type Scenario } from "../link/index.ts";
import { createTrace, type Doors, type Trace, type World, worldHash } from "../world/index.ts";
import { type Branch, createBranch, type Head, viewBranch } from "./branch.ts";
import type { BranchComparison, FirstApart, Stand } from "./comparison/ask.ts";
import { compareAt, firstApart } from "./comparison/ask.ts";
import { Driver, type Stop, type StopReason } from "./driver.ts";
import type { Accepted, BranchView, SessionGround, SessionListener } from "./ground.ts";
import { createDoors, Listeners, type SessionDoors } from "./listeners.ts";
import { Operations } from "./operations.ts";
import { buildWorld, readyForWorld } from "./setup.ts";
import { stampHere } from "./stamps.ts";
import { type StepKind, stopOfStep, tick } from "./steps.ts";
import { lastTyped, oldestOf, showBeforeInput, showPast, showStepBefore } from "./time-machine.ts";

interface Pending {
  readonly kind: JournalKind;
  readonly tty: string;
  readonly text: string;
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (error: unknown) => void;
}

const forever = virtualNanos(Number.POSITIVE_INFINITY);
const branchNameMax = 60;

export class Session {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly #ground: SessionGround;
  readonly #driver: Driver;
  readonly #doors: SessionDoors;
  readonly #branches: Branch[];
  readonly #listeners = new Listeners();
  readonly #operations = new Operations();
  readonly #pending: Pending[] = [];
  /** Branches that undo left, newest last. */
  #undone: number[] = [];

  private constructor(scenario: Scenario, seed: number, ground: SessionGround) {
    this.scenario = scenario;
    this.seed = seed;
    this.#ground = ground;
    this.#doors = createDoors(this.#listeners, ground, (pid) => this.#driver.forget(pid));
    const branch = createBranch(0, "main");
    this.#branches = [branch];
    const { world: lines, files } = scenario;
    const setup = { seed, world: lines, files, options: ground.options ?? {} };
    const world = buildWorld(this.#doors, setup);
    const { programs, realm, record = true, lessons = null } = ground;
    const options = { programs, realm, record, lessons, moved: () => this.#listeners.moved() };
    this.#driver = new Driver(world, branch, this.#doors, options);
  }

  /**
   * Builds a scenario's world, lets it settle, and stands at 0s with the scenario's inputs still to
   * come. With `future: "recorded"` they are somebody's session, and acting drops them; a
   * scenario's own lines stay. Throws SetupError for a `world` line that the world refuses.
   */
  static async open(
    scenario: Scenario,
    ground: SessionGround,
    options: { readonly seed?: number; readonly future?: "script" | "recorded" } = {},
  ): Promise<Session> {
    const seed = options.seed ?? scenario.seed ?? 1;
    await readyForWorld(ground, scenario.world);
    const session = new Session(scenario, seed, ground);
    await ground.built?.(session.world);
    await session.#settle();
    if (scenario.lesson !== null) await ground.lessons?.load(scenario.lesson);
    ground.lessons?.follow(session, scenario.lesson);
    const script = options.future !== "recorded";
    session.#driver.branch.journal = scenario.entries.map((entry) => ({ entry, script, ran: -1 }));
    return session;
  }

  /** A session with nothing in its journal; `worldLine` is what follows the word `world`. */
  static create(
    options: SessionGround & { readonly seed: number; readonly worldLine?: string | null },
  ): Promise<Session> {
    const { seed, worldLine } = options;
    const world = worldLine === undefined || worldLine === null ? [] : [worldLine];
    return Session.open({ ...emptyScenario, seed, world }, options);
  }

  /** The moment shown. Read it between operations; never write to it. */
  get world(): World {
    return this.#driver.world;
  }

  get now(): VirtualNanos {
    return this.#driver.world.kernel.now;
  }

  /** The newest moment of this branch. */
  get newest(): VirtualNanos {
    return this.#driver.branch.head?.world.kernel.now ?? this.now;
  }

  /** How many events and inputs led to the moment shown. Records of the trace say their step. */
  get stepsTaken(): number {
    return this.world.kernel.eventsRun + this.#driver.applied;
  }

  /** The oldest moment that can be shown: 0s, until very much has happened. */
  get oldest(): VirtualNanos {
    return oldestOf(this.#driver.branch);
  }

  /** False while a moment of the past is shown: acting then begins a branch. */
  get live(): boolean {
    return this.#driver.live;
  }

  /** What was recorded since the last `restored`; null when not tracing. */
  get trace(): Trace | null {
    return this.#doors.trace;
  }

  get branch(): number {
    return this.#driver.branch.id;
  }

  get branches(): readonly BranchView[] {
    return this.#branches.map((branch) => viewBranch(branch, this.#headOf(branch)));
  }

  /** The assertion or other bug that stopped this session, or null. */
  get fault(): unknown {
    return this.#operations.fault;
  }

  /** Joins the listeners; the answer leaves them. */
  listen(listener: SessionListener): () => void {
    return this.#listeners.add(listener);
  }

  /** A line with Enter at a terminal, applied at this instant, also while time runs. */
  input(line: string, tty = "t1"): Promise<Accepted> {
    return this.submit("line", line, tty);
  }

  key(tty: string, keys: string): Promise<Accepted> {
    return this.submit("key", keys, tty);
  }

  signal(tty: string, name: string): Promise<Accepted> {
    return this.submit("signal", name, tty);
  }

  resize(tty: string, cols: number, rows: number): Promise<Accepted> {
    return this.submit("resize", `${cols}x${rows}`, tty);
  }

  /** Records any input and applies it at this instant; in the past this begins a branch. */
  submit(kind: JournalKind, text: string, tty: string): Promise<Accepted> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ kind, tty, text, resolve, reject });
      // An operation under way takes it between two events; else this one does.
      this.#operations.run(() => this.#takePending()).catch(reject);
    });
  }

  /** Lets somebody outside of the world act on it between two events. It is not journaled. */
  outside(act: (world: World, doors: Doors) => void): Promise<void> {
    return this.#operations.run(async () => act(this.world, this.#doors));
  }

  /** Runs to an instant and stands there; an earlier instant is left alone. */
  runUntil(at: VirtualNanos): Promise<StopReason> {
    return this.#operations.run(() => this.#play({ at }));
  }

  /** Runs until a condition holds after an event, nothing is left to happen, or `at` is reached. */
  runUntilTrue(reached: (world: World) => boolean, at = forever): Promise<StopReason> {
    return this.#operations.run(() => this.#play({ at, reached }));
  }

  /** Runs this many events. */
  runEvents(count: number): Promise<StopReason> {
    return this.#operations.run(() => {
      const last = this.world.kernel.eventsRun + count;
      return this.#play({ at: forever, reached: (world) => world.kernel.eventsRun >= last });
    });
  }

  /** One event, all of the next instant, 10 ms, or until something notable happens. */
  step(kind: StepKind): Promise<StopReason> {
    return this.#operations.run(() => this.#play(stopOfStep(this.#driver, kind)));
  }

  /** The same backwards; to 0s when nothing of the kind came before. */
  stepBack(kind: StepKind): Promise<void> {
    return this.#movingInTime(() =>
      kind === "tick"
        ? this.#show(virtualNanos(Math.max(worldStart, this.now - tick)))
        : showStepBefore(this.#driver, kind),
    );
  }

  /** Ends the operation under way after the event it is at. */
  stop(): void {
    this.#operations.stop();
  }

  /**
   * Shows another instant, everything known to happen in it included. The past needs no process
   * and changes nothing; beyond the newest moment the world runs on.
   */
  seek(at: VirtualNanos): Promise<void> {
    return this.#movingInTime(() => this.#show(virtualNanos(Math.max(worldStart, at))));
  }

  /**
   * Goes back to just before the last input that was typed, as a new branch. False when there is
   * none. Nothing is lost: `redo` and `switchBranch` lead back.
   */
  undo(): Promise<boolean> {
    return this.#movingInTime(async () => {
      const driver = this.#driver;
      const last = lastTyped(driver);
      const text = driver.branch.journal[last]?.entry.text;
      if (text === undefined) return false;
      await showBeforeInput(driver, last);
      this.#undone.push((await this.#branchHere(`before ${text}`)).id);
      return true;
    });
  }

  /** Returns to the branch that the last `undo` left. False when there is none. */
  redo(): Promise<boolean> {
    return this.#movingInTime(async () => {
      const branch = this.#branches[this.#undone.pop() ?? -1];
      if (branch === undefined) return false;
      await this.#driver.switchTo(branch);
      return true;
    });
  }

  /** Shows the newest moment of another branch. */
  switchBranch(id: number): Promise<void> {
    return this.#movingInTime(async () => {
      const branch = this.#branches[id];
      if (branch !== undefined) await this.#driver.switchTo(branch);
    });
  }

  /** Goes on from this moment in a branch of its own. */
  fork(name: string): Promise<Branch> {
    return this.#operations.run(() => this.#branchHere(name.slice(0, branchNameMax)));
  }

  /** Gives a branch another name; an empty one is left alone. */
  renameBranch(id: number, name: string): void {
    const branch = this.#branches[id];
    const text = name.trim().slice(0, branchNameMax);
    if (branch !== undefined && text !== "") branch.name = text;
  }

  /**
   * Two branches side by side at `at`, or at the newest instant that both have reached when that
   * is earlier. Replays aside: what is shown does not move. Null when one of them is not there.
   */
  compare(left: number, right: number, at = forever): Promise<BranchComparison | null> {
    return this.#operations.run(() => compareAt(this.#stand(), [left, right], at));
  }

  /** When each counter that was not the same between their parting and `at` first was not. */
  firstApart(left: number, right: number, at = forever): Promise<readonly FirstApart[] | null> {
    return this.#operations.run(() => firstApart(this.#stand(), [left, right], at));
  }

  /** The state hash of the moment shown. */
  hash(): string {
    return worldHash(this.world);
  }

  /** Every entry of this branch, those still to come included. */
  journal(): JournalEntry[] {
    return this.#driver.branch.journal.map((one) => one.entry);
  }

  /** How many of the journal's entries lie before the moment shown. */
  get applied(): number {
    return this.#driver.applied;
  }

  /** The journal with its header as `.wt` text, whole or up to the moment shown. */
  journalText(upTo: "whole" | "here" = "whole"): string {
    const entries = this.journal();
    return formatScenario({
      ...this.scenario,
      seed: this.seed,
      entries: upTo === "whole" ? entries : entries.slice(0, this.#driver.applied),
    });
  }

  /** Waits for the operation under way and lets go of every process. */
  async dispose(): Promise<void> {
    this.stop();
    await this.#operations.idle();
    this.#driver.dispose();
  }

  async #settle(): Promise<void> {
    if (this.now < worldStart) {
      await this.#driver.advance({ at: plus(worldStart, nanos(-1)) });
      advanceTo(this.world.kernel, worldStart);
    }
    this.#driver.keepCheckpoint();
  }

  /** Runs forward, taking inputs as they come. */
  async #play(stop: Stop): Promise<StopReason> {
    const interrupted = (): boolean => this.#operations.stopping || this.#pending.length > 0;
    for (;;) {
      await this.#takePending();
      const reason = await this.#driver.advance({ ...stop, interrupted });
      if (reason !== "interrupted" || this.#operations.stopping) return reason;
    }
  }

  async #takePending(): Promise<void> {
    for (let one = this.#pending.shift(); one !== undefined; one = this.#pending.shift()) {
      one.resolve(await this.#act(one));
    }
  }

  async #act({ kind, tty, text }: Pending): Promise<Accepted> {
    const driver = this.#driver;
    // An instant before the newest is the past, also when nothing has happened in between.
    if (this.now >= this.newest && driver.isAtHead()) await driver.goLive();
    const next = driver.nextInput();
    if (!driver.live || (next !== null && !next.script)) await this.#branchHere(null);
    this.#undone = [];
    const entry: JournalEntry = { ...stampHere(driver), tty, kind, text };
    driver.branch.journal.splice(driver.applied, 0, { entry, script: false, ran: -1 });
    const command = await driver.applyNext();
    for (const listener of this.#listeners.all) listener.input?.(entry);
    return { entry, command };
  }

  /** Answers the branch that was left. */
  async #branchHere(name: string | null): Promise<Branch> {
    const left = await this.#driver.branchHere(this.#branches.length);
    const { branch } = this.#driver;
    if (name !== null) branch.name = name;
    this.#branches.push(branch);
    return left;
  }

  async #show(at: VirtualNanos): Promise<void> {
    if (at < this.newest) {
      await showPast(this.#driver, at);
      return;
    }
    await this.#driver.goLive();
    await this.#play({ at });
  }

  /** An operation that shows another moment: what runs is stopped, and nothing is printed. */
  #movingInTime<T>(operation: () => Promise<T>): Promise<T> {
    this.stop();
    return this.#operations.run(async () => {
      this.#listeners.quiet = true;
      if (this.#doors.trace !== null) this.#doors.trace = createTrace();
      try {
        return await operation();
      } finally {
        this.#listeners.quiet = false;
        for (const listener of this.#listeners.all) listener.restored?.();
      }
    });
  }

  #stand(): Stand {
    const heads = (branch: Branch): Head => this.#headOf(branch);
    return { branches: this.#branches, heads, ground: this.#ground };
  }

  /** The newest moment of a branch: aside, or what the driver has in hand. */
  #headOf({ head }: Branch): Head {
    return head ?? { world: this.world, applied: this.#driver.applied };
  }
}
