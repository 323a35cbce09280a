/** What can be scheduled in a world: data, looked up in the table of `run.ts`. */
import type { ServerTimer } from "../server/index.ts";
import type { ActorInput } from "./actors.ts";
import type { ProcessInput } from "./processes/turn.ts";

/** Which way bytes go on a connection: from the dialling end (`a`) or from the accepting end. */
export type Direction = "a-to-b" | "b-to-a";

/** The first bytes of a dial reach the other host, or are sent again because nobody answered. */
interface DialArrives {
  readonly kind: "dial";
  readonly host: string;
  readonly conn: number;
  /** How many times it was sent before. */
  readonly attempt: number;
}

/** A connection that came while the server was frozen is accepted. */
interface FrozenAccept {
  readonly kind: "accept";
  readonly host: string;
  readonly conn: number;
}

/** The answer to a dial is back at the dialling host. */
interface DialAnswered {
  readonly kind: "dialled";
  readonly host: string;
  readonly conn: number;
  /** Null when the connection is open, else why not. */
  readonly refused: string | null;
}

/** Bytes that were due at this instant reach the end of one direction of a connection. */
interface BytesArrive {
  readonly kind: "arrive";
  readonly host: string;
  readonly conn: number;
  readonly direction: Direction;
}

/** A silent cut has lasted so long that the sender's TCP gives the connection up. */
interface SenderGivesUp {
  readonly kind: "give-up";
  readonly host: string;
  readonly conn: number;
  readonly direction: Direction;
  /** The stall that this event belongs to; a later one has another number. */
  readonly stall: number;
}

interface ServerTimerFires {
  readonly kind: "server-timer";
  readonly host: string;
  readonly name: string;
  readonly timer: ServerTimer;
}

/** A server that has shut down in good order leaves its host. */
interface ServerExits {
  readonly kind: "server-exit";
  readonly host: string;
}

interface ProcessTurns {
  readonly kind: "process-input";
  readonly host: string;
  readonly pid: number;
  readonly input: ProcessInput;
}

interface ActorTurns {
  readonly kind: "actor-input";
  readonly host: string;
  readonly actor: string;
  readonly input: ActorInput;
}

interface DiskSyncs {
  readonly kind: "disk-sync";
  readonly host: string;
}

/** A request to a monitoring port arrives. */
interface HttpArrives {
  readonly kind: "http";
  readonly host: string;
  readonly from: string;
  readonly pid: number;
  readonly request: number;
  readonly port: number;
  readonly path: string;
}

interface ExpectationDue {
  readonly kind: "expect-check";
  readonly host: null;
  /** The one whose deadline it is; null looks at all that are pending. */
  readonly expectation: number | null;
}

export type WorldEvent =
  | DialArrives
  | DialAnswered
  | FrozenAccept
  | BytesArrive
  | SenderGivesUp
  | ServerTimerFires
  | ServerExits
  | ProcessTurns
  | ActorTurns
  | DiskSyncs
  | HttpArrives
  | ExpectationDue;

/** The events of one kind. */
export type EventOf<K extends WorldEvent["kind"]> = Extract<WorldEvent, { readonly kind: K }>;
