/** Where answers to requests of other accounts end up. */
import { stateHash } from "../../kernel/index.ts";
import type { Account, ServerState } from "../state.ts";

/** What answers to other accounts are published on. Source: nats-server `replyPrefix`. */
export const replyPrefix = "_R_.";

const ownLength = 6;

/**
 * How the subjects of all answers begin that an account waits to pass on; there the part behind the
 * first is drawn. Source: nats-server `createRespWildcard`.
 */
export function answersOf(account: string): string {
  return `${replyPrefix}${stateHash(account).slice(0, ownLength)}.`;
}

/**
 * The account and subject where an answer ends up, past all imports.
 * Source: nats-server `trackDownAccountAndInterest`.
 */
export function trackDown(
  server: ServerState,
  account: Account,
  subject: string,
): { readonly account: Account; readonly subject: string } {
  let at = { account, subject };
  while (at.subject.startsWith(replyPrefix)) {
    const response = at.account.responses.get(at.subject);
    const next = response === undefined ? undefined : server.accounts.get(response.account);
    if (response === undefined || next === undefined) break;
    at = { account: next, subject: response.to };
  }
  return at;
}
