/** What a program sees of its process: the same interface in the world and over a real network. */
import type { ConnectionOptions, NatsConnection } from "@nats-io/nats-core";
import type { StoredTime } from "../kernel/index.ts";
import type {
  CommandResult,
  Descriptor,
  FileEntry,
  HttpReply,
  ProcessRequest,
  ReplyValue,
  SignalName,
  SpawnDescriptor,
  TerminalPatch,
  TerminalView,
} from "../world/index.ts";

/** A program: runs until its promise settles with the exit code. */
export type Program = (context: ProcessContext) => Promise<number>;

export interface StandardInput {
  /** The next bytes, or null at the end. */
  read(): Promise<Uint8Array | null>;
  /** Lines without their line ends; the last one may lack it. */
  lines(): AsyncIterable<string>;
}

export interface Child {
  readonly pid: number;
  /** Its exit code; 130 after SIGINT, as a shell shows it. */
  wait(): Promise<number>;
  kill(signal: SignalName): Promise<void>;
}

export interface SpawnOptions {
  readonly program: string;
  readonly argv?: readonly string[];
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  /** A text is given to the child as its whole input. Default: inherit. */
  readonly stdin?: SpawnDescriptor | string;
  readonly stdout?: SpawnDescriptor;
  readonly stderr?: SpawnDescriptor;
  readonly background?: boolean;
}

export interface ProcessContext {
  /** `argv[0]` is the program's name. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly pid: number;
  readonly tty: {
    readonly in: boolean;
    readonly out: boolean;
    readonly err: boolean;
    readonly cols: number;
    readonly rows: number;
  };
  readonly stdin: StandardInput;
  /** Settles when the reader has taken it; rejects with `EPIPE` when there is no reader. */
  write(text: string | Uint8Array): Promise<void>;
  writeError(text: string | Uint8Array): Promise<void>;
  /** Aborts on SIGINT and SIGTERM unless `onSignal` took them. */
  readonly signal: AbortSignal;
  onSignal(name: SignalName, handler: () => void): void;
  /** Raw keys while the terminal is held raw. */
  rawKeys(): Promise<{ next(): Promise<Uint8Array | null>; release(): Promise<void> }>;

  nowMs(): number;
  storedNow(): StoredTime;
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;

  /** A real nats.js connection over the world's network. Default server: `NATS_URL`. */
  connect(options?: ConnectionOptions): Promise<NatsConnection>;

  readFile(path: string): Promise<Uint8Array>;
  writeFile(
    path: string,
    bytes: Uint8Array | string,
    options?: { readonly append?: boolean },
  ): Promise<void>;
  removeFile(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Entries directly in a folder, sorted by path. */
  listFiles(path: string): Promise<readonly FileEntry[]>;
  /** Null when there is no such file or folder. */
  stat(path: string): Promise<FileEntry | null>;

  spawn(options: SpawnOptions): Promise<Child>;
  /** A pipe as the descriptor of both its ends: give it to one child's stdout, another's stdin. */
  pipe(): Promise<Descriptor>;
  /** Runs a `world fault load sim expect` line. */
  world(line: string): Promise<CommandResult>;
  http(host: string, port: number, path: string): Promise<HttpReply>;
  /** The terminal's state between lines; for the shell. */
  terminal(): Promise<TerminalView>;
  setTerminal(patch: TerminalPatch): Promise<void>;
  /** Asks the world directly; what the methods above are made of. Rejects with the error's text. */
  request(request: ProcessRequest): Promise<ReplyValue>;
}
