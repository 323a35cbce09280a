/** Errors of nats-server's table that our code does not make, or no program provokes; and why. */

/** In the table, but no code of 2.15.2 makes them. */
export const neverMade = [
  "JSClusterIncompleteErr",
  "JSClusterTagsErr",
  "JSConsumerEphemeralWithDurableInSubjectErr",
  "JSConsumerFilterNotSubsetErr",
  "JSConsumerOnMappedErr",
  "JSConsumerPullNotDurableErr",
  "JSMirrorWithStartSeqAndTimeErr",
  "JSMirrorWithSubjectFiltersErr",
  "JSStreamExpectedLastSeqPerSubjectNotReady",
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
export const ofClusters = [
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
export const unreachable: Readonly<Record<string, string>> = {
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

/**
 * Made by our code as by nats-server's, for servers of a cluster alone: the programs of
 * `cluster-api.test.ts` and `cluster-transcripts.test.ts` are where they can be met.
 */
export const madeByClusters = [
  "JSClusterNoPeersErrF",
  "JSClusterNotAvailErr",
  "JSClusterPeerNotMemberErr",
  "JSClusterUnSupportFeatureErr",
  "JSConsumerOfflineErr",
  "JSConsumerReplicasExceedsStream",
  "JSConsumerReplicasShouldMatchStream",
  "JSPeerRemapErr",
  "JSStreamAssignmentErrF",
  "JSStreamDuplicateMessageConflict",
  "JSStreamOfflineErr",
];

/** Made by our code as by nats-server's, behind what no program of the suite passes. */
export const behindOthers: Readonly<Record<string, string>> = {
  JSConsumerCreateDurableAndNameMismatch: "the name in the subject has been put in place of both",
  JSConsumerMaxRequestBatchNegativeErr: "less than none has become the default",
  JSConsumerMaxWaitingNegativeErr: "less than none has become the default",
  JSStreamGeneralErrorF: "wants a disk that takes nothing more",
};
