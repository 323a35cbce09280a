/** What the page talks to: one session, the driver of its time, and the frames it sends. */
import type { Realm } from "../clients/index.ts";
import { AssertionError, unreachable, virtualNanos } from "../kernel/index.ts";
import { encodeShare } from "../link/index.ts";
import { behaviour, loadMonitoringParts, type Session } from "../scenario/index.ts";
import { complete, completionState, loadCompletion } from "../shell/index.ts";
import { isWorldLine, stateObject } from "../world/index.ts";
import type {
  BranchRequest,
  CompareRequest,
  ComparisonView,
  Completion,
  Engine,
  ExecReply,
  InputRequest,
  Notice,
  OpenReply,
  OpenRequest,
  ScreenSize,
  ShareReply,
  ShareRequest,
  StepKind,
  WatchRequest,
} from "./api.ts";
import { FrameBuilder } from "./frame-builder.ts";
import type { RunView, Speed } from "./frames.ts";
import { askedLesson, LessonDesk } from "./lesson-desk.ts";
import { libraryEntries } from "./library.ts";
import { type Opened, openSession } from "./open-session.ts";
import { PacedDriver } from "./paced-driver.ts";
import { hiddenTerminal } from "./people.ts";
import { plainState } from "./plain-state.ts";
import { isPerson, Screens } from "./screens.ts";
import { stepOn } from "./step-on.ts";
import { viewComparison } from "./views/comparison.ts";
import type { History } from "./views/history.ts";
import { givenName, viewSession } from "./views/session.ts";

/** With the page hidden, frames only keep the count. */
const hiddenFrameMs = 1000;
/** While time runs, the page itself moves what flies from one frame to the next. */
const runningFrameMs = 40;

export class Desk implements Engine {
  readonly #realm: Realm;
  readonly #post: (notice: Notice, transfer?: Transferable[]) => void;
  #opened: Opened | null = null;
  #driver: PacedDriver | null = null;
  #builder = this.#newBuilder();
  #screens: Screens;
  readonly #lessons: LessonDesk;
  #histories = new Map<number, History>();
  #branch = 0;
  #watched: WatchRequest = { selected: null, slots: 12, hidden: false };
  #speed: Speed = 1;
  #redos = 0;
  #inFlight = false;
  #wanted = false;
  #lastFrame = 0;
  #waiting = new Map<number, () => void>();

  constructor(realm: Realm, post: (notice: Notice, transfer?: Transferable[]) => void) {
    this.#realm = realm;
    this.#post = post;
    this.#screens = new Screens((tty, bytes) => post({ kind: "output", tty, bytes }));
    this.#lessons = new LessonDesk((lesson) => post({ kind: "lesson", lesson }));
  }

  async open(request: OpenRequest): Promise<OpenReply> {
    await this.#driver?.pause();
    await this.#opened?.session.dispose();
    this.#builder = this.#newBuilder();
    this.#histories = new Map();
    this.#branch = 0;
    this.#redos = 0;
    this.#speed = request.speed ?? 1;
    const ground = { realm: this.#realm, lessons: this.#lessons };
    const opened = await openSession(request, ground, (session) => this.#attach(session));
    this.#opened = opened;
    this.#driver = new PacedDriver(opened.session, this.#realm.original, {
      afterSlice: () => this.#wantFrame(),
      onFault: (error) => this.#tellFault(error),
    });
    this.#builder.absorb(opened.session.world, opened.session.trace);
    this.#builder.restart();
    this.#tellScreens();
    this.#tellJournal();
    if (request.playing === true) this.#driver.play(this.#speed);
    this.#wantFrame();
    const { title, problem, refused, caption } = opened;
    return { title, seed: opened.session.seed, at: opened.session.now, problem, refused, caption };
  }

  async input({ tty, kind, text, size }: InputRequest): Promise<void> {
    const session = this.#session();
    this.#redos = 0;
    const terminal = session.world.terminals.get(tty);
    if (kind === "line" && terminal?.foreground != null && !isWorldLine(text)) {
      this.#screens.answer(tty, text);
    }
    const fitted = size === undefined ? null : this.#fit(tty, size);
    await this.#guard(() => Promise.all([fitted, session.submit(kind, text, tty)]));
    this.#noteBranch();
    this.#screens.echo(session.world, tty);
    this.#wantFrame();
  }

  async exec(line: string): Promise<ExecReply> {
    const session = this.#session();
    if (this.#driver?.playing !== true && !isWorldLine(line)) {
      throw new Error(
        "time is stopped: only world, fault, load, sim, expect and lesson act at once",
      );
    }
    const { command } = await this.#guard(() => session.input(line, hiddenTerminal));
    this.#noteBranch();
    this.#wantFrame();
    if (command === null) return { exit: 0, stdout: "", stderr: "" };
    const done = () => session.world.terminals.get(hiddenTerminal)?.commands[command];
    // While time stands still, nothing that waits for it can end.
    if (done()?.exit === null && this.#driver?.playing === true) {
      await new Promise<void>((resolve) => this.#waiting.set(command, resolve));
    }
    const { exit = 1, stdout = "", stderr = "" } = done() ?? {};
    return { exit: exit ?? 0, stdout, stderr };
  }

  async play(speed: Speed | null): Promise<void> {
    const driver = this.#driver;
    if (driver === null) return;
    if (speed === null) await driver.pause();
    else {
      this.#speed = speed;
      driver.play(speed);
    }
    this.#wantFrame();
  }

  async step(kind: StepKind, back: boolean): Promise<number> {
    const session = this.#session();
    await this.#driver?.pause();
    const unit = kind === "interesting" ? "notable" : kind;
    this.#aboutToMove();
    const builder = this.#builder;
    await this.#guard<unknown>(() =>
      back ? session.stepBack(unit) : stepOn(session, builder, unit),
    );
    this.#wantFrame();
    return session.now;
  }

  async seek(at: number): Promise<number> {
    const session = this.#session();
    await this.#driver?.pause();
    this.#aboutToMove();
    await this.#guard(() => session.seek(virtualNanos(at)));
    this.#wantFrame();
    return session.now;
  }

  async undo(forward: boolean): Promise<string> {
    const session = this.#session();
    await this.#driver?.pause();
    this.#aboutToMove();
    const done = await this.#guard(() => (forward ? session.redo() : session.undo()));
    if (done) this.#redos = Math.max(0, this.#redos + (forward ? -1 : 1));
    this.#noteBranch();
    this.#tellJournal();
    this.#wantFrame();
    return done ? session.journalText() : "";
  }

  async branch(request: BranchRequest): Promise<void> {
    const session = this.#session();
    switch (request.kind) {
      case "rename":
        session.renameBranch(request.id, request.name);
        break;
      case "fork":
        await this.#guard(() => session.fork(request.name));
        break;
      case "show":
        await this.#showBranch(request.id);
        break;
      case "turn": {
        const ids = session.branches.map((one) => one.id);
        const next = ids.at((ids.indexOf(session.branch) + request.by) % ids.length);
        await this.#showBranch(next ?? session.branch);
        break;
      }
      default:
        unreachable(request);
    }
    this.#noteBranch();
    this.#tellJournal();
    this.#wantFrame();
  }

  async compare({ left, right, at, slots }: CompareRequest): Promise<ComparisonView | null> {
    const comparison = await this.#session().compare(left, right, virtualNanos(at));
    return comparison === null ? null : viewComparison(comparison, slots);
  }

  async watch(request: WatchRequest): Promise<void> {
    this.#watched = request;
    this.#wantFrame();
  }

  async complete(tty: string, line: string, cursor: number): Promise<readonly Completion[]> {
    await loadCompletion(line, cursor);
    if (/^\s*lesson\b/.test(line)) await this.#lessons.load(null);
    const known = completionState(this.#session().world, tty);
    const state = { ...known, lessons: this.#lessons.ids };
    return complete(line, cursor, state).map(({ start, text, label, help, final }) => {
      const taken = `${line.slice(0, start)}${text}${final ? " " : ""}`;
      return { line: `${taken}${line.slice(cursor)}`, label, help };
    });
  }

  async share({ from, caption }: ShareRequest): Promise<ShareReply> {
    const session = this.#session();
    const at = from === "start" ? 0 : session.now;
    const hash = session.hash();
    const link = await encodeShare({
      behaviour,
      seed: session.seed,
      files: [],
      journal: session.journalText(from === "start" ? "whole" : "here"),
      view: { at, ...givenName(session) },
      caption,
      hash: from === "start" ? null : hash,
    });
    return { fragment: link.replace(/^#w=/, ""), hash, at };
  }

  async read(what: Parameters<Engine["read"]>[0]): Promise<unknown> {
    switch (what) {
      case "state":
        await loadMonitoringParts();
        return plainState(stateObject(this.#session().world));
      case "hash":
        return this.#session().hash();
      case "journal":
        return this.#session().journalText();
      case "library":
        return libraryEntries();
      case "lessons":
        return this.#lessons.entries();
    }
  }

  /** The page has shown a frame and may have the next. */
  taken(): void {
    this.#inFlight = false;
    if (this.#wanted) this.#sendFrame();
  }

  /** What has happened is written down before its trace goes: a replay adds nothing to it. */
  #aboutToMove(): void {
    const session = this.#session();
    this.#builder.absorb(session.world, session.trace);
  }

  async #showBranch(id: number): Promise<void> {
    const session = this.#session();
    if (id === session.branch) return;
    await this.#driver?.pause();
    this.#aboutToMove();
    await this.#guard(() => session.switchBranch(id));
  }

  /** What a program may ask of its screen is an input like the line it is typed with. */
  async #fit(tty: string, { cols, rows }: ScreenSize): Promise<void> {
    const session = this.#session();
    const known = session.world.terminals.get(tty);
    if (known?.cols === cols && known.rows === rows) return;
    await session.resize(tty, cols, rows);
  }

  #session(): Session {
    if (this.#opened === null) throw new Error("no world is open");
    return this.#opened.session;
  }

  #attach(session: Session): void {
    session.listen({
      output: (tty, _stream, bytes) => this.#screens.output(session.world, tty, bytes),
      ended: (tty, command) => {
        if (isPerson(tty)) this.#screens.echo(session.world, tty);
        const asked = askedLesson(session.world, tty, command);
        if (asked !== null) this.#post({ kind: "lesson-asked", id: asked });
        if (tty !== hiddenTerminal) return;
        this.#waiting.get(command)?.();
        this.#waiting.delete(command);
      },
      input: () => this.#tellJournal(),
      restored: () => {
        if (this.#opened?.session !== session) return;
        this.#noteBranch();
        this.#builder.absorb(session.world, session.trace);
        this.#builder.restart();
        this.#tellScreens();
      },
    });
  }

  /** A new branch shares the history of the one it left, up to where it left it. */
  #noteBranch(): void {
    const session = this.#session();
    if (session.branch === this.#branch) return;
    this.#histories.set(this.#branch, this.#builder.history);
    const known = this.#histories.get(session.branch);
    const fork = session.branches.find((one) => one.id === session.branch);
    const { forkedStep, forkedAt } = fork ?? {};
    this.#builder.history =
      known ??
      this.#builder.history.forkAt(forkedStep ?? session.stepsTaken, forkedAt ?? session.now);
    this.#branch = session.branch;
    this.#builder.restart();
  }

  #tellScreens(): void {
    const screens = this.#screens.restored(this.#session().world);
    this.#post({ kind: "screens", screens });
  }

  #tellJournal(): void {
    if (this.#opened === null) return;
    this.#post({ kind: "journal", text: this.#opened.session.journalText() });
  }

  #wantFrame(): void {
    this.#wanted = true;
    if (!this.#inFlight) this.#sendFrame();
  }

  #newBuilder(): FrameBuilder {
    return new FrameBuilder(() => this.#wantFrame());
  }

  /** Between two frames; the driver asks again after each slice. */
  #leastMs(): number {
    if (this.#watched.hidden) return hiddenFrameMs;
    return this.#driver?.playing === true ? runningFrameMs : 0;
  }

  #sendFrame(): void {
    const opened = this.#opened;
    const now = this.#realm.original.now();
    if (opened === null) return;
    if (now - this.#lastFrame < this.#leastMs()) return;
    const { session } = opened;
    if (session.fault !== null) return this.#tellFault(session.fault);
    // Acting in the past begins a branch before whoever acted is answered.
    this.#noteBranch();
    this.#wanted = false;
    this.#inFlight = true;
    const patch = this.#builder.build({
      world: session.world,
      trace: session.trace,
      run: this.#viewRun(),
      step: session.stepsTaken,
      session: viewSession(opened, this.#redos),
      selected: this.#watched.selected,
      slots: this.#watched.slots,
      caption: opened.caption,
      wall: (now - this.#lastFrame) * 1e6,
    });
    this.#lastFrame = now;
    this.#screens.echoAll(session.world);
    this.#lessons.show(session.world, now, this.#driver?.playing ?? false);
    const buffers = patch.swarm === undefined ? [] : [patch.swarm.values.buffer];
    this.#post({ kind: "frame", patch }, buffers);
  }

  #viewRun(): RunView {
    const playing = this.#driver?.playing ?? false;
    return { playing, speed: this.#speed, pace: 0 };
  }

  async #guard<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      this.#tellFault(error);
      throw error;
    }
  }

  #tellFault(error: unknown): void {
    const session = this.#session();
    if (session.fault === null && !(error instanceof AssertionError)) return;
    const message = error instanceof Error ? error.message : String(error);
    const journal = session.journalText();
    this.#post({ kind: "fault", fault: { message, at: session.now, seed: session.seed, journal } });
  }
}
