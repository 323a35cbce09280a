// Errors of nats.js and of the JetStream API in the words of the Go client.

import { errors as natsErrors } from "@nats-io/nats-core";
import { AssertionError } from "../../../kernel/index.ts";
import { CommandError, ExitError, messageOf, UsageError } from "../../grammar/errors.ts";

/** The body of a refused API request. */
export interface ApiFault {
  readonly code?: number;
  readonly err_code?: number;
  readonly description?: string;
}

/** An API request that the server refused. The message is jsm.go's. */
export class ApiFailure extends CommandError {
  readonly fault: ApiFault;
  constructor(fault: ApiFault) {
    super(apiFaultText(fault));
    this.fault = fault;
  }
}

function apiFaultText({ code = 0, err_code = 0, description = "" }: ApiFault): string {
  if (description !== "") return `${description} (${err_code})`;
  return code === 0 ? "unknown JetStream Error" : `unknown JetStream ${code} Error (${err_code})`;
}

/** The same refusal in the words of nats.go's jetstream package. */
export function clientFaultText({ code = 0, err_code = 0, description = "" }: ApiFault): string {
  return `nats: API error: code=${code} err_code=${err_code} description=${description}`;
}

export const noResponders = "nats: no responders available for request";
export const timedOut = "nats: timeout";
export const deadlineExceeded = "context deadline exceeded";

/**
 * Any error as a CommandError: the client's ones in nats.go's words, ours unchanged. What is a
 * bug (an assertion, a TypeError …) is thrown again.
 */
export function asCommandError(error: unknown): Error {
  if (error instanceof CommandError || error instanceof UsageError) return error;
  if (error instanceof ExitError || error instanceof AssertionError) return error;
  const text = clientErrorText(error);
  return text === null && error instanceof Error ? error : new CommandError(text ?? String(error));
}

/** nats.go's words for an error of nats.js; null when it is not one. */
export function clientErrorText(error: unknown): string | null {
  if (error instanceof natsErrors.PermissionViolationError) {
    return `nats: permissions violation: ${error.message}`;
  }
  if (error instanceof natsErrors.AuthorizationError) return "nats: Authorization Violation";
  if (error instanceof natsErrors.TimeoutError) return timedOut;
  if (error instanceof natsErrors.NoRespondersError) return noResponders;
  if (error instanceof natsErrors.RequestError) {
    return error.isNoResponders() ? noResponders : (clientErrorText(error.cause) ?? timedOut);
  }
  if (error instanceof natsErrors.InvalidSubjectError) return "nats: invalid subject";
  if (error instanceof natsErrors.ClosedConnectionError) return "nats: connection closed";
  if (error instanceof natsErrors.ConnectionError) {
    return "nats: no servers available for connection";
  }
  if (error instanceof natsErrors.ProtocolError) return `nats: ${error.message}`;
  return null;
}

/** Runs `action`; what it throws gets `prefix: ` in front, as fisk's FatalIfError does. */
export async function orFail<T>(prefix: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    const failure = asCommandError(error);
    if (failure instanceof CommandError) throw new CommandError(`${prefix}: ${messageOf(failure)}`);
    throw failure;
  }
}
