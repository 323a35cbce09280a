/**
 * The page's whole view of the engine: calls in (comlink), notices out (plain `postMessage`).
 *
 * Nothing here mentions an engine type. The worker never calls through comlink, because comlink
 * draws `Math.random`, which belongs to the world in that realm.
 */
import type { CompareRequest, ComparisonView } from "./comparison-view.ts";
import type { FramePatch, Speed } from "./frames.ts";
import type { LessonView } from "./lesson-view.ts";

export type {
  ComparedView,
  CompareRequest,
  ComparisonView,
  DifferenceView,
} from "./comparison-view.ts";
export type {
  LessonBeatView,
  LessonEntryView,
  LessonHintView,
  LessonRowView,
  LessonTaskView,
  LessonView,
} from "./lesson-view.ts";

/** Which world to open. At most one of `scenario`, `lesson`, `text`, `share` is given. */
export interface OpenRequest {
  readonly seed?: number;
  readonly scenario?: string;
  /** The id of a lesson; it opens at its own moment. */
  readonly lesson?: string;
  /** A scenario file (`.wt`). */
  readonly text?: string;
  /** The part of a share link after `#w=`. */
  readonly share?: string;
  /** The text is somebody's own session: acting drops what it says of the future. */
  readonly recorded?: boolean;
  /** What the text is called, when it does not say so itself. */
  readonly title?: string;
  /** What its branch was called by whoever left it. */
  readonly branch?: string;
  /** Where to go before the first frame; the moment of a share link when missing. */
  readonly at?: number;
  readonly playing?: boolean;
  readonly speed?: Speed;
}

export interface OpenReply {
  readonly title: string;
  readonly seed: number;
  readonly at: number;
  /** What could not be honoured, in a sentence; empty when all is well. */
  readonly problem: string;
  /** What was asked for could not be read: an empty sandbox opened in its place. */
  readonly refused: boolean;
  readonly caption: string;
}

export interface InputRequest {
  readonly tty: string;
  readonly kind: "line" | "key" | "signal";
  readonly text: string;
  /** Of the screen that it was typed at; journaled before it when the world knows another one. */
  readonly size?: ScreenSize;
}

export interface ScreenSize {
  readonly cols: number;
  readonly rows: number;
}

export type BranchRequest =
  /** The newest moment of the next branch, or of the one before; they go round. */
  | { readonly kind: "turn"; readonly by: 1 | -1 }
  | { readonly kind: "show"; readonly id: number }
  | { readonly kind: "rename"; readonly id: number; readonly name: string }
  /** Goes on from the moment shown in a branch of its own. */
  | { readonly kind: "fork"; readonly name: string };

export interface ExecReply {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type StepKind = "event" | "instant" | "tick" | "interesting";

/** What the page looks at; the worker derives no more than that. */
export interface WatchRequest {
  readonly selected: string | null;
  /** How many slots a tape has room for. */
  readonly slots: number;
  readonly hidden: boolean;
}

export interface ShareRequest {
  readonly from: "start" | "moment";
  readonly caption: string;
}

export interface ShareReply {
  readonly fragment: string;
  readonly hash: string;
  readonly at: number;
}

export interface LibraryEntry {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly servers: number;
  /** Course of the curriculum, counted from 1, and its title. */
  readonly course: number;
  readonly courseTitle: string;
  /** Its last moment, in virtual nanoseconds. */
  readonly lasts: number;
}

export interface Completion {
  /** The whole line once it is taken. */
  readonly line: string;
  readonly label: string;
  readonly help: string;
}

/** Everything the page may ask; a dozen calls. */
export interface Engine {
  open(request: OpenRequest): Promise<OpenReply>;
  /** Journals a line, a key or a signal at this instant. */
  input(request: InputRequest): Promise<void>;
  /** Runs a line on a hidden terminal to its end. @throws Error while time is stopped. */
  exec(line: string): Promise<ExecReply>;
  /** Lets time run; `null` stops it. */
  play(speed: Speed | null): Promise<void>;
  step(kind: StepKind, back: boolean): Promise<number>;
  seek(at: number): Promise<number>;
  /** Takes the last input back, or puts it in again. */
  undo(forward: boolean): Promise<string>;
  branch(request: BranchRequest): Promise<void>;
  /** Two branches at one instant, without moving; null when one of them is not there. */
  compare(request: CompareRequest): Promise<ComparisonView | null>;
  watch(request: WatchRequest): Promise<void>;
  complete(tty: string, line: string, cursor: number): Promise<readonly Completion[]>;
  share(request: ShareRequest): Promise<ShareReply>;
  /** `state`, `library` and `lessons` answer data, `hash` and `journal` text. */
  read(what: "state" | "hash" | "journal" | "library" | "lessons"): Promise<unknown>;
}

/** What leaves the worker unasked. */
export type Notice =
  | { readonly kind: "ready" }
  | { readonly kind: "frame"; readonly patch: FramePatch }
  | { readonly kind: "output"; readonly tty: string; readonly bytes: Uint8Array }
  /** The terminals of another moment begin from an empty screen. */
  | { readonly kind: "screens"; readonly screens: readonly ScreenView[] }
  | { readonly kind: "journal"; readonly text: string }
  | { readonly kind: "lesson"; readonly lesson: LessonView | null }
  /** Somebody typed `lesson start`. */
  | { readonly kind: "lesson-asked"; readonly id: string }
  | { readonly kind: "fault"; readonly fault: EngineFault };

export interface ScreenView {
  readonly tty: string;
  readonly bytes: Uint8Array;
  readonly history: readonly string[];
}

/** An assertion of ours failed: time stands still and the page says so. */
export interface EngineFault {
  readonly message: string;
  readonly at: number;
  readonly seed: number;
  readonly journal: string;
}

/** The page's plain answer to a frame: send me the next. */
export interface FrameTaken {
  readonly kind: "taken";
  readonly frame: number;
}
