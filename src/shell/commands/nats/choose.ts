// Which stream or consumer is meant: the one named, or one picked from a list.

import { compareStrings } from "../../../kernel/index.ts";
import { CommandError } from "../../grammar/errors.ts";
import { apiPages, apiRequest } from "./api.ts";
import { isInteractive, type NatsContext } from "./context.ts";
import { choose } from "./prompts.ts";
import type { ConsumerInfo, StreamInfo } from "./wire.ts";

/** Names that the API's subjects can carry. Source: jsm.go v0.4.1 `IsValidName`. */
export function isValidName(name: string): boolean {
  return name !== "" && !/[\s.*>/\\]|\p{Cc}/u.test(name);
}

/** Streams that hold key-value buckets, objects or MQTT state. */
export function isInternalStream(name: string): boolean {
  return /^(KV_|OBJ_|\$MQTT_)/.test(name);
}

export async function loadStream(ctx: NatsContext, name: string): Promise<StreamInfo> {
  if (!isValidName(name)) {
    throw new CommandError(`${JSON.stringify(name)} is not a valid stream name`);
  }
  return apiRequest<StreamInfo>(ctx, `STREAM.INFO.${name}`);
}

export async function loadConsumer(
  ctx: NatsContext,
  stream: string,
  consumer: string,
): Promise<ConsumerInfo> {
  if (!isValidName(stream)) {
    throw new CommandError(`${JSON.stringify(stream)} is not a valid stream name`);
  }
  if (!isValidName(consumer)) {
    throw new CommandError(`${JSON.stringify(consumer)} is not a valid consumer name`);
  }
  return apiRequest<ConsumerInfo>(ctx, `CONSUMER.INFO.${stream}.${consumer}`);
}

interface NamesPage {
  readonly streams?: readonly string[] | null;
  readonly consumers?: readonly string[] | null;
  readonly total: number;
  readonly limit: number;
}

/** Sorted names of all streams, or of those that store `subject`. */
export async function streamNames(ctx: NatsContext, subject = ""): Promise<string[]> {
  const request = subject === "" ? {} : { subject };
  const pages = await apiPages<NamesPage>(ctx, "STREAM.NAMES", request);
  return pages.flatMap((page) => page.streams ?? []).sort(compareStrings);
}

export async function consumerNames(ctx: NatsContext, stream: string): Promise<string[]> {
  const pages = await apiPages<NamesPage>(ctx, `CONSUMER.NAMES.${stream}`, {});
  return pages.flatMap((page) => page.consumers ?? []).sort(compareStrings);
}

export interface StreamWanted {
  readonly name: string;
  /** Do not offer a list. */
  readonly force: boolean;
  /** Offer internal streams too. */
  readonly all: boolean;
}

export interface StreamChosen {
  readonly name: string;
  readonly info: StreamInfo | null;
}

/** Source: natscli v0.4.0 `selectStream`. Throws CommandError. */
export async function selectStream(ctx: NatsContext, wanted: StreamWanted): Promise<StreamChosen> {
  try {
    return { name: wanted.name, info: await loadStream(ctx, wanted.name) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
  }
  const names = await streamNames(ctx);
  if (names.includes(wanted.name)) return { name: wanted.name, info: null };
  if (!isInteractive(ctx)) {
    throw new CommandError("cannot pick a Stream without a terminal and no Stream name supplied");
  }
  if (wanted.force) throw new CommandError(`unknown stream ${JSON.stringify(wanted.name)}`);
  const options = names.filter((name) => wanted.all || !isInternalStream(name));
  if (options.length === 0) throw new CommandError("no Streams are defined");
  return { name: await choose(ctx, { message: "Select a Stream", options }), info: null };
}

export interface ConsumerWanted {
  readonly stream: string;
  readonly name: string;
  readonly force: boolean;
}

/** Source: natscli v0.4.0 `selectConsumer`. Throws CommandError. */
export async function selectConsumer(
  ctx: NatsContext,
  { stream, name, force }: ConsumerWanted,
): Promise<ConsumerInfo> {
  if (name !== "") {
    try {
      return await loadConsumer(ctx, stream, name);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
    }
  }
  if (force) {
    throw new CommandError(`unknown consumer ${JSON.stringify(stream)} > ${JSON.stringify(name)}`);
  }
  if (!isInteractive(ctx)) {
    throw new CommandError(
      "cannot pick a Consumer without a terminal and no Consumer name supplied",
    );
  }
  const options = await consumerNames(ctx, stream);
  if (options.length === 0) {
    throw new CommandError(`no Consumers are defined for Stream ${stream}`);
  }
  return loadConsumer(ctx, stream, await choose(ctx, { message: "Select a Consumer", options }));
}
