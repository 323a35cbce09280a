/** Members report what they could not make; the meta leader tells whoever asked. */
import { minus, seconds, virtualAt } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { MetaEntry } from "./assignments.ts";
import { clusterOf, findAssignment, findConsumerAssignment } from "./cluster-state.ts";
import { isMetaLeader } from "./leadership.ts";
import { proposeMeta } from "./meta/propose-meta.ts";
import type { AssignmentFailed } from "./peer-messages.ts";
import { answerRequester } from "./requests/replies.ts";

/** An assignment older than this is not taken back because a member fails. */
const freshFor = seconds(5);

/** Source: nats-server `processStreamAssignmentResults`, `processConsumerAssignmentResults`. */
export function rejectAssignment(
  server: ServerState,
  io: ServerIo,
  failed: AssignmentFailed,
): void {
  if (!isMetaLeader(server)) return;
  if (failed.consumer === null) rejectStream(server, io, failed);
  else rejectConsumer(server, io, failed, failed.consumer);
}

function rejectStream(server: ServerState, io: ServerIo, failed: AssignmentFailed): void {
  const cluster = clusterOf(server);
  const { account, stream, isUpdate, isRestore, error } = failed;
  const assignment = cluster === null ? null : findAssignment(cluster, account, stream);
  if (assignment === null) return;
  const { spec } = assignment;
  if (isRestore) {
    // The requester was told before where to send chunks, and this time with the last of them.
    if (assignment.responded) return;
    assignment.responded = true;
    answerRequester({ server, io }, { ...spec, reply: "" }, "stream_restore", { error });
    return;
  }
  if (!assignment.responded || isUpdate) {
    assignment.responded = true;
    answerRequester({ server, io }, spec, "stream_create", { error });
  }
  const age = minus(virtualAt(io.wall), virtualAt(spec.created));
  if (isUpdate || age >= freshFor) return;
  const { client, subject, created } = spec;
  const removal = { client, subject, reply: "", account, stream, consumer: null, created };
  const entry: MetaEntry = { op: "remove", removal: Object.freeze(removal) };
  proposeMeta(server, entry);
}

function rejectConsumer(
  server: ServerState,
  io: ServerIo,
  { account, stream, error }: AssignmentFailed,
  consumer: string,
): void {
  const cluster = clusterOf(server);
  const assignment =
    cluster === null ? null : findConsumerAssignment(cluster, account, stream, consumer);
  if (assignment === null || assignment.responded) return;
  assignment.responded = true;
  answerRequester({ server, io }, assignment.spec, "consumer_create", { error });
}
