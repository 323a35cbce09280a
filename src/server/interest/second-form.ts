/**
 * Acks and answers to flow control in the second format, which says whose stream it is:
 *
 *     $JS.ACK.<domain>.<hash of account>.<stream>.<consumer>.<five numbers>[.<more>]
 *     $JS.FC.<domain>.<hash of account>.<stream>.<consumer>.<id>
 *
 * Both formats are heard always. Consumers subscribe to the first alone: what comes in the second
 * is for them who hear it in the first.
 * Source: nats-server `addConsumerWithAssignment` (`ackSubj`, `fcSubj`).
 */
import { shortHash } from "../../protocol/index.ts";
import type { Account, ServerState } from "../state.ts";
import { matchInterest } from "./match.ts";
import type { Matches } from "./subscription.ts";

const ackPrefix = "$JS.ACK.";
const flowPrefix = "$JS.FC.";
const dollar = 0x24;
/** Stream, consumer, five numbers. */
const tokensOfAck = 7;
/** Stream, consumer, id. */
const tokensOfFlow = 3;

/** What stands before the stream: `<domain>.<hash of account>.` */
export function ownerInSubjects({ config }: ServerState, account: Account): string {
  let owner = owners.get(account);
  if (owner === undefined) {
    const domain = config.jetstream?.domain ?? "";
    owner = `${domain === "" ? "_" : domain}.${shortHash(account.name)}.`;
    owners.set(account, owner);
  }
  return owner;
}

/** Holds no state: both parts stay while the account does, and every ack is held against them. */
const owners = new WeakMap<Account, string>();

/** Those who hear `subject`, and the consumer that it means in the second format. */
export function withSecondForm(
  server: ServerState,
  account: Account,
  subject: string,
  found: Matches,
): Matches {
  if (subject.charCodeAt(0) !== dollar) return found;
  const isAck = subject.startsWith(ackPrefix);
  if (!isAck && !subject.startsWith(flowPrefix)) return found;
  const prefix = isAck ? ackPrefix : flowPrefix;
  const owner = ownerInSubjects(server, account);
  if (!subject.startsWith(owner, prefix.length)) return found;
  const rest = subject.slice(prefix.length + owner.length).split(".");
  const fits = isAck ? rest.length >= tokensOfAck : rest.length === tokensOfFlow;
  if (!fits) return found;
  const first = prefix + rest.slice(0, tokensOfAck).join(".");
  const kind = isAck ? "ack" : "flow-control";
  const meant = matchInterest(account.interest, first).plain.filter(
    ({ target, remote }) => target?.kind === kind || remote !== undefined,
  );
  return meant.length === 0 ? found : { plain: [...found.plain, ...meant], queues: found.queues };
}
