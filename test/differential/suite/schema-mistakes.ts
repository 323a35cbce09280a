/** Where the schemas of jsm.go do not fit what nats-server 2.15.2 says, found by asking it. */

export interface SchemaMistake {
  /** How a complaint begins that it explains. */
  readonly complaint: string;
  readonly why: string;
}

/** A schema without `additionalProperties` or required fields lets two branches match at once. */
const ambiguous =
  "the branch of errors and the branch of answers both fit, or none does for another reason here";

export const schemaMistakes: readonly SchemaMistake[] = [
  {
    complaint: "advisory.v1.consumer_group_pinned  must have required property 'server'",
    why: "sent with the server's name only in a cluster",
  },
  {
    complaint: "advisory.v1.consumer_group_unpinned  must have required property 'server'",
    why: "sent with the server's name only in a cluster",
  },
  ...["required property 'blocks'", "required property 'block_size'"].map((what) => ({
    complaint: `advisory.v1.snapshot_create  must have ${what}`,
    why: "backups of older servers were made of blocks",
  })),
  {
    complaint: "advisory.v1.snapshot_create  must NOT have additional properties state",
    why: "what is backed up now",
  },
  { complaint: "advisory.v1.nak /consumer_seq must be string", why: "it is a number" },
  { complaint: "advisory.v1.terminated /consumer_seq must be string", why: "it is a number" },
  {
    complaint: "api.v1.consumer_unpin_response /error must have required property 'error'",
    why: "an error within the error is asked for",
  },
  { complaint: "api.v1.consumer_list_response  must match exactly one", why: ambiguous },
  { complaint: "api.v1.consumer_names_response  must match exactly one", why: ambiguous },
  { complaint: "api.v1.consumer_pause_response  must match exactly one", why: ambiguous },
  { complaint: "api.v1.stream_list_response  must match exactly one", why: ambiguous },
  { complaint: "api.v1.stream_names_response  must match exactly one", why: ambiguous },
  ...["create", "info", "update"].flatMap((what) => [
    { complaint: `api.v1.stream_${what}_response  must match exactly one`, why: ambiguous },
    {
      complaint: `api.v1.stream_${what}_response  must have required property 'error'`,
      why: "follows from an `active` that the branch of answers does not allow",
    },
    {
      complaint: `api.v1.stream_${what}_response /sources/#/active must be >= 0`,
      why: "a source that was never heard of has -1",
    },
    {
      complaint: `api.v1.stream_${what}_response /config/consumer_limits/inactive_threshold must be`,
      why: "the server takes negative thresholds",
    },
  ]),
  ...["create", "info"].map((what) => ({
    complaint: `api.v1.stream_${what}_response /mirror/active must be >= 0`,
    why: "a mirror that was never heard of has -1",
  })),
];

/** The mistake that explains a complaint, or null. */
export function mistakeOf(complaint: string): SchemaMistake | null {
  return schemaMistakes.find((mistake) => complaint.startsWith(mistake.complaint)) ?? null;
}
