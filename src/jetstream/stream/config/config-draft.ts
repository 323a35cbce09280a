/** What the rules of a stream configuration share: where they look, how they refuse. */
import { compileTransform, TransformError } from "../../../protocol/index.ts";
import { ApiError } from "../../errors.ts";
import type { StreamConfig } from "./config-shape.ts";

/** What the rules look up beyond the configuration itself. */
export interface ConfigContext {
  /** `jetstream { limits { duplicate_window } }` in nanoseconds; 0 when there is none. */
  readonly duplicatesMax: number;
  /** The account's `max_bytes_required` and the largest `max_bytes` of a stream (<= 0: any). */
  readonly bytesLimits: (config: StreamConfig) => { required: boolean; limit: number };
  /** Another stream of the account. */
  readonly findStream: (name: string) => StreamConfig | null;
}

/** A configuration while the rules work on it. */
export type Draft = { -readonly [Field in keyof StreamConfig]: StreamConfig[Field] };

/** The refusal that most broken rules share: 10052 with a text. */
export function invalidConfig(text: string): ApiError {
  return new ApiError("JSStreamInvalidConfigF", { err: text });
}

/** What pedantic mode says instead of correcting. */
export function pedanticRefusal(text: string): ApiError {
  return new ApiError("JSPedanticErrF", { err: text });
}

const callLike = /^\{\{.+\}\}$/s;
const functions =
  "[pP]artition|[wW]ildcard|[lL]eft|[rR]ight|[rR]andom|[sS]plit" +
  "|[sS](?:plit|lice)[fF]rom(?:[lL]eft|[rR]ight)";
const knownCall = new RegExp(`\\{\\{\\s*(?:${functions})\\s*\\(.*\\)\\s*\\}\\}`);
const invalid = "invalid mapping destination";

/** Why a mapping is refused, or null. Source: nats-server `ValidateMapping`. */
export function mappingRefusal(source: string, destination: string): string | null {
  if (destination === "") return null;
  let isOver = false;
  for (const token of destination.split(".")) {
    if (token === "") return `${invalid}: invalid transform`;
    if (isOver) return `${invalid}: invalid transform in ${token}`;
    if (callLike.test(token)) {
      if (!knownCall.test(token)) return `${invalid}: unknown function in ${token}`;
    } else if (/[\t\n\f\r ]/.test(token)) return `${invalid}: invalid transform`;
    isOver = token === ">";
  }
  return transformRefusal(source, destination);
}

/** Why a transform cannot be made, or null. Source: nats-server `NewSubjectTransform`. */
export function transformRefusal(source: string, destination: string): string | null {
  try {
    compileTransform(source, destination);
    return null;
  } catch (error) {
    if (error instanceof TransformError) return error.message;
    throw error;
  }
}
