/** The answers JetStream gives when it refuses; their texts come from the generated table. */
import { type ApiErrorName, apiErrors } from "./errors.gen.ts";

export type { ApiErrorName } from "./errors.gen.ts";

/** An error as it stands in a JSON reply. */
export interface ApiErrorBody {
  readonly code: number;
  readonly err_code: number;
  readonly description: string;
}

/** The body of an error, its `{placeholders}` filled from `values`. */
export function apiErrorBody(
  constant: ApiErrorName,
  values: Readonly<Record<string, string>> = {},
): ApiErrorBody {
  const { code, errCode, description } = apiErrors[constant];
  const text = description.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? `{${key}}`);
  return { code, err_code: errCode, description: text };
}

/** An answer the server means to give; never a bug. Bugs are `AssertionError`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly constant: ApiErrorName;
  readonly body: ApiErrorBody;

  constructor(constant: ApiErrorName, values: Readonly<Record<string, string>> = {}) {
    const body = apiErrorBody(constant, values);
    super(body.description);
    this.constant = constant;
    this.body = body;
  }
}
