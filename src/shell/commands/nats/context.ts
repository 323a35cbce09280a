// What every `nats` command works with: its process, the global flags, one lazy connection.

import type { ProcessContext } from "../../../clients/index.ts";
import type { ArgSpecs, Command, CommandDefinition, FlagSpecs } from "../../grammar/define.ts";
import { defineCommand, defineGroup } from "../../grammar/define.ts";
import { clockText } from "../../render/times.ts";
import type { Session } from "./session.ts";

/** Global flags, as values. */
export interface GlobalFlags {
  readonly server: string;
  readonly user: string;
  readonly password: string;
  readonly token: string;
  readonly connectionName: string;
  readonly creds: string;
  readonly nkey: string;
  readonly jwt: string;
  readonly seed: string;
  /** Nanoseconds. */
  readonly timeout: number;
  readonly apiPrefix: string;
  readonly eventPrefix: string;
  readonly domain: string;
  readonly inboxPrefix: string;
  readonly colors: string;
  readonly trace: boolean;
  /** `-a` of the group at hand: internal streams too. */
  readonly showAll: boolean;
}

export interface NatsContext {
  readonly process: ProcessContext;
  readonly globals: GlobalFlags;
  /** The connection once there is one, and what it complained of. */
  readonly session: Session;
}

/** A runnable `nats` command. */
export function natsCommand<
  const F extends FlagSpecs = Record<never, never>,
  const A extends ArgSpecs = Record<never, never>,
>(definition: CommandDefinition<NatsContext, F, A>): Command<NatsContext> {
  return defineCommand<NatsContext, F, A>(definition);
}

/** A `nats` word that holds further commands. */
export const natsGroup: (
  group: Omit<Command<NatsContext>, "run" | "load" | "args">,
) => Command<NatsContext> = defineGroup;

/** Tags of commands that only look, and of those that change something. */
export const readTags = ["scope:user", "impact:ro"] as const;
export const writeTags = ["scope:user", "impact:rw"] as const;

/** Writes `text` and a newline to stdout, as Go's Println. */
export function printLine(ctx: NatsContext, text = ""): Promise<void> {
  return ctx.process.write(`${text}\n`);
}

/** Writes `HH:MM:SS text` to stderr, as Go's logger; adds the newline when there is none. */
export function logLine(ctx: NatsContext, text: string): Promise<void> {
  const end = text.endsWith("\n") ? "" : "\n";
  return ctx.process.writeError(`${clockText(ctx.process.storedNow())} ${text}${end}`);
}

/** Is somebody at a terminal, to read and to answer? */
export function isInteractive(ctx: NatsContext): boolean {
  return ctx.process.tty.in && ctx.process.tty.out;
}

/** The width at which tables are cut; null in a pipe. */
export function tableWidth(ctx: NatsContext): number | null {
  return ctx.process.tty.out && ctx.process.tty.cols > 0 ? ctx.process.tty.cols : null;
}

/** The `--timeout`, in milliseconds. */
export function timeoutMs(ctx: NatsContext): number {
  return ctx.globals.timeout / 1e6;
}
