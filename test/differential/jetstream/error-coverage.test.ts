/**
 * Every error of nats-server's table is made by some code of ours, or it is said here why not.
 * Evidence: `server/errors.json` of nats-server 2.15.2, and where its code makes each error.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

/** In the table, but no code of 2.15.2 makes them. */
const neverMade = [
  "JSClusterIncompleteErr",
  "JSClusterTagsErr",
  "JSConsumerEphemeralWithDurableInSubjectErr",
  "JSConsumerFilterNotSubsetErr",
  "JSConsumerOnMappedErr",
  "JSConsumerPullNotDurableErr",
  "JSMirrorWithStartSeqAndTimeErr",
  "JSMirrorWithSubjectFiltersErr",
  "JSStreamExpectedLastSeqPerSubjectNotReady",
  "JSStreamGeneralErrorF",
  "JSStreamInfoMaxSubjectsErr",
  "JSStreamMinLastSeqErr",
  "JSStreamReplicasNotUpdatableErr",
  "JSStreamTemplateCreateErrF",
  "JSStreamTemplateDeleteErrF",
  "JSStreamTemplateNotFoundErr",
  "JSTempStorageFailedErr",
  "JSTemplateNameNotMatchSubjectErr",
];

/** Made by servers of a cluster alone; what a cluster of ours does not do is in differences.md. */
const ofClusters = [
  "JSClusterNotActiveErr",
  "JSClusterNotAssignedErr",
  "JSClusterNotLeaderErr",
  "JSClusterRescueErr",
  "JSClusterServerMemberChangeInflightErr",
  "JSClusterServerNotMemberErr",
  "JSNoAccountErr",
  "JSRaftGeneralErrF",
  "JSStreamMoveAndScaleErr",
  "JSStreamMoveInProgressErr",
  "JSStreamReconfigureInProgressErr",
  "JSStreamReconfigureNotInProgressErr",
  "JSStreamSequenceNotMatchErr",
];

/** Made by code that a server on its own never reaches, and why. */
const unreachable: Readonly<Record<string, string>> = {
  JSConsumerAckPolicyInvalidErr: "JSON with an unknown policy is refused as it is read",
  JSConsumerBadDurableNameErr: "names are checked before, with 10052",
  JSConsumerConfigRequiredErr: "a request without a configuration has an empty one",
  JSConsumerDurableNameNotInSubjectErr: "the API's subject has the token",
  JSConsumerExistingActiveErr: "a known name is taken for an update before",
  JSConsumerOfflineReasonErrF: "stored by a newer server",
  JSConsumerReplacementWithDifferentNameErr: "a known name is taken for an update before",
  JSConsumerReplayPolicyInvalidErr: "JSON with an unknown policy is refused as it is read",
  JSConsumerStoreFailedErrF: "creating a file cannot fail here",
  JSNoLimitsErr: "tiers come with JWT alone",
  JSNotEnabledErr: "/healthz says it as a text; the API of such a server has no subscribers",
  JSRestoreSubscribeFailedErrF: "a subject that the server makes is valid",
  JSStreamDeleteErrF: "deleting files cannot fail here",
  JSStreamInvalidErr: "a stream is not there or whole, nothing between",
  JSStreamLimitsErrF: "limits answer with errors of their own",
  JSStreamOfflineReasonErrF: "stored by a newer server",
  JSStreamSnapshotErrF: "a stream that is there can be read",
  JSStreamTooManyRequests: "a stream takes each message before the next one comes",
};

const { errors } = JSON.parse(readFileSync(join(root, "tools/facts/errors.json"), "utf8")) as {
  readonly errors: readonly { readonly constant: string }[];
};

test("every error is made, or it is known why not", () => {
  const made = constantsInSource();
  const excused = [...neverMade, ...ofClusters, ...Object.keys(unreachable)];
  const missing = errors.map(({ constant }) => constant).filter((name) => !made.has(name));
  expect(missing.sort()).toEqual(excused.sort());
});

function constantsInSource(): Set<string> {
  const found = new Set<string>();
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  for (const file of files) {
    if (!file.endsWith(".ts") || file.endsWith(".gen.ts") || file.endsWith(".test.ts")) continue;
    const text = readFileSync(join(root, "src", file), "utf8");
    for (const [, name = ""] of text.matchAll(/"(JS\w+)"/g)) found.add(name);
  }
  return found;
}
