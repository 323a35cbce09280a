/** What a session stands on, what it tells, and what it shows of itself. */
import type { Program, Realm } from "../clients/index.ts";
import type { JournalEntry, VirtualNanos } from "../kernel/index.ts";
import type { LessonReply, World, WorldOptions } from "../world/index.ts";

export interface SessionGround {
  readonly programs: Readonly<Record<string, Program>>;
  readonly realm: Realm;
  /** Record what happens for the canvas and the trace list. Default true. */
  readonly tracing?: boolean;
  /** Keep what is needed to go back in time. Default true. */
  readonly record?: boolean;
  readonly options?: Partial<WorldOptions>;
  /** Called when the header's world stands, before it settles. */
  readonly built?: (world: World) => Promise<void>;
  /** Without it a `lesson` line is refused. */
  readonly lessons?: LessonDoor;
}

/** How the lessons, which stand above this room, answer the lines of a terminal. */
export interface LessonDoor {
  /** Brings what `answer` needs, and the lesson of this id; null when it is here. */
  load(id: string | null): Promise<void> | null;
  answer(world: World, words: readonly string[]): LessonReply;
  /** Follows a session from its first event on; `id` is the lesson that its header names. */
  follow(session: FollowedSession, id: string | null): void;
}

/** What a lesson needs of a session. */
export interface FollowedSession {
  readonly world: World;
  readonly branch: number;
  readonly branches: readonly BranchView[];
  readonly applied: number;
  journal(): readonly JournalEntry[];
  listen(listener: SessionListener): () => void;
}

/** What happens in a session, for whoever shows it. All are called from within an operation. */
export interface SessionListener {
  /** A program wrote to a terminal; silent while seeking, see `restored`. */
  output?(tty: string, stream: 1 | 2, bytes: Uint8Array): void;
  /** A command line of a terminal has ended; silent while seeking. */
  ended?(tty: string, command: number, exit: number): void;
  /** An event has run or an input was applied, in the moment shown. Silence is not broken. */
  moved?(): void;
  /** An input was recorded. */
  input?(entry: JournalEntry): void;
  /** Another moment is shown: screens, trace and frames begin anew from the state. */
  restored?(): void;
  /** Bytes, or with null the end, for a connection that leads out of the world. */
  outside?(conn: number, bytes: Uint8Array | null, reason: string): void;
}

/** An input that was taken: its journal entry, and the command it began at its terminal. */
export interface Accepted {
  readonly entry: JournalEntry;
  readonly command: number | null;
}

export interface BranchView {
  readonly id: number;
  readonly name: string;
  readonly parent: number | null;
  readonly forkedAt: VirtualNanos | null;
  /** The last step (`Session.stepsTaken`) that it shares with its parent. */
  readonly forkedStep: number | null;
  /** Its newest moment. */
  readonly at: VirtualNanos;
  readonly inputs: number;
}
