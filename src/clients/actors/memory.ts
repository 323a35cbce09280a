/** What an actor remembers from one input to the next: plain data, part of every checkpoint. */
import {
  assert,
  createSeqSet,
  createTable,
  type SeqSet,
  type Table,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { createParser, defaultParserLimits, type ParserState } from "../../protocol/index.ts";
import type { ActorRecord, PublisherPlan, WorkerPlan } from "../../world/index.ts";
import type { ServerPool } from "./pool.ts";

/** A publish whose PubAck has not come. Value: replaced, never changed. */
export interface OpenPublish {
  /** `ack`: sent, or would have been; `again`: it failed and waits to be sent once more. */
  readonly waitsFor: "ack" | "again";
}

export interface PublisherMemory {
  readonly role: "publisher";
  readonly plan: PublisherPlan;
  /** When the first message was made; the k-th is due k − 1 periods later. */
  began: VirtualNanos;
  /** Messages made so far; also the number of the last one. */
  made: number;
  readonly open: Table<number, OpenPublish>;
}

/** One delivery, from its ack subject. Value. */
export interface Delivery {
  readonly reply: string;
  readonly streamSeq: number;
}

export interface WorkerMemory {
  readonly role: "worker";
  readonly plan: WorkerPlan;
  /** Delivered and not begun; at most one batch. */
  readonly tray: Delivery[];
  working: Delivery | null;
  /** Number of the pull request under way; null when none is. */
  pull: number | null;
  /** How many messages it may still bring. */
  pullLeft: number;
  /** Stream sequences worked on. */
  readonly seen: SeqSet;
  /** Acks, by sequence, that wait for the server to confirm them; undefined without double acks. */
  unconfirmed?: Map<number, { readonly reply: string; readonly tries: number }>;
}

export interface ActorMemory {
  parser: ParserState;
  /** Replies come to `<inbox>.<kind><number>`. */
  inbox: string;
  /** `greeting`: connected, the first PONG has not come. `away`: waits to dial again. */
  phase: "dialling" | "greeting" | "ready" | "away";
  /** Number of the latest request. */
  asked: number;
  pingsOut: number;
  /** Once it knows of more than one server. */
  pool?: ServerPool;
  readonly task: PublisherMemory | WorkerMemory;
}

export function createMemory(actor: ActorRecord, inbox: string, now: VirtualNanos): ActorMemory {
  return {
    parser: createClientParser(),
    inbox,
    phase: "dialling",
    asked: 0,
    pingsOut: 0,
    task: createTask(actor, now),
  };
}

export function createClientParser(): ParserState {
  return createParser("client", { ...defaultParserLimits, headers: true });
}

/** The memory of an actor that has started. */
export function memoryOf(actor: ActorRecord): ActorMemory {
  assert(actor.memory !== null, `actor ${actor.name} has not started`);
  return actor.memory as ActorMemory;
}

function createTask(actor: ActorRecord, now: VirtualNanos): PublisherMemory | WorkerMemory {
  const { plan } = actor;
  if (plan.role === "publisher") {
    return { role: "publisher", plan, began: now, made: 0, open: createTable() };
  }
  const seen = createSeqSet();
  return { role: "worker", plan, tray: [], working: null, pull: null, pullLeft: 0, seen };
}
