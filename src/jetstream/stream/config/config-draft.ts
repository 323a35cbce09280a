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

/** Why a transform is refused, or null. Source: nats-server `ValidateMapping`. */
export function transformRefusal(source: string, destination: string): string | null {
  try {
    compileTransform(source, destination);
    return null;
  } catch (error) {
    if (error instanceof TransformError) return error.message;
    throw error;
  }
}
