/** What the bodies of API requests have in common. */
import {
  ApiError,
  type Decoded,
  decodeRequest,
  GoDecodeError,
  type GoStruct,
  goInt,
  wholeNumber,
} from "../../jetstream/index.ts";
import { isJsonObject, JsonError, parseJson } from "../../protocol/index.ts";
import type { ApiCall } from "./route-shape.ts";

/** Reads the body as strictly as the server; 10025 when it does not fit. */
export function readBody(call: ApiCall, shape: GoStruct): Decoded {
  return orInvalidJson(() => decodeRequest(call.body, shape));
}

/**
 * Reads the body when it is an object or array; anything else is taken for no body at all.
 * Source: nats-server `isJSONObjectOrArray`.
 */
export function readOptionalBody(call: ApiCall, shape: GoStruct): Decoded {
  return /^[ \t\n\r]*[{[]/.test(call.body) ? readBody(call, shape) : {};
}

/** Reads a body that must say something: 10003 without one. */
export function readRequiredBody(call: ApiCall, shape: GoStruct): Decoded {
  if (isEmptyBody(call.body)) throw new ApiError("JSBadRequestErr");
  return readBody(call, shape);
}

/** 10038 when there is a body. */
export function expectEmptyBody(call: ApiCall): void {
  if (!isEmptyBody(call.body)) throw new ApiError("JSNotEmptyRequestErr");
}

/** Turns what the decoder complains about into the API's error. */
export function orInvalidJson<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof GoDecodeError)) throw error;
    throw new ApiError("JSInvalidJSONErr", { err: error.message });
  }
}

/** Nothing, or an object without members. Source: nats-server `isEmptyRequest`. */
export function isEmptyBody(body: string): boolean {
  if (body === "" || body === "{}") return true;
  try {
    const value = parseJson(body);
    return isJsonObject(value) && Object.keys(value).length === 0;
  } catch (error) {
    if (error instanceof JsonError) return false;
    throw error;
  }
}

/** Source: nats-server `ApiPagedRequest`, which others embed. */
export const pagedRequest: GoStruct = {
  go: "struct",
  name: "ApiPagedRequest",
  fields: { offset: goInt },
};

/** Where a page begins: not before the first, not behind the last. */
export function offsetOf(request: Decoded, total = Number.POSITIVE_INFINITY): number {
  return Math.min(Math.max(wholeNumber(request, "offset"), 0), total);
}
