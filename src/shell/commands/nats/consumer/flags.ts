// The flags that describe a consumer; `consumer add`, `copy` and `edit` share them.

import type { FlagSpecs } from "../../../grammar/define.ts";

export const consumerFlags = {
  backoff: {
    help: "How the waits between redeliveries grow",
    type: "enum",
    placeholder: "MODE",
    values: ["linear", "none"],
  },
  "backoff-steps": { help: "How many waits", type: "uint", default: "10" },
  "backoff-min": { help: "The first wait", type: "duration", default: "1m" },
  "backoff-max": { help: "The last wait", type: "duration", default: "20m" },
  description: { help: "What the consumer is for", type: "string" },
  filter: { help: "Only messages of this subject", type: "strings", placeholder: "SUBJECTS" },
  "headers-only": { help: "Deliver without bodies", type: "bool" },
  "max-deliver": {
    help: "How often a message is delivered at most",
    type: "int",
    placeholder: "TRIES",
  },
  "max-outstanding": {
    help: "The older name of --max-pending",
    type: "int",
    default: "-1",
    hidden: true,
  },
  "max-pending": {
    help: "How many messages may wait for their ack at once",
    type: "int",
    default: "-1",
  },
  "max-pull-batch": {
    help: "Largest batch of one pull",
    type: "int",
    placeholder: "BATCH_SIZE",
  },
  "max-pull-expire": {
    help: "Longest time that one pull may wait",
    type: "duration",
    placeholder: "EXPIRES",
  },
  "max-pull-bytes": { help: "Most bytes of one pull", type: "int", placeholder: "BYTES" },
  sample: { help: "Percentage of acks to report on", type: "int", default: "-1" },
  target: {
    help: "Push messages to this subject",
    type: "string",
    placeholder: "SUBJECT",
  },
  wait: { help: "How long to wait for an ack", type: "duration", default: "-1s" },
  "inactive-threshold": {
    help: "Remove it after this time without use",
    type: "duration",
    placeholder: "THRESHOLD",
  },
  replicas: { help: "On how many servers its state is kept", type: "int" },
  metadata: { help: "A label, KEY=VALUE", type: "map", placeholder: "META" },
} as const satisfies FlagSpecs;

/** Flags only of commands that make a consumer. */
export const createOnlyFlags = {
  ack: {
    help: "What is acknowledged: none, all or explicit",
    type: "enum",
    values: ["none", "all", "explicit", "flow_control"],
  },
  bps: { help: "Most bits a second", type: "uint", default: "0" },
  deliver: {
    help: "Where to start: all, new, last, subject, a time such as 1h, or a sequence",
    type: "string",
    placeholder: "POLICY",
  },
  "deliver-group": {
    help: "Push only to this queue group",
    type: "string",
    default: "_unset_",
    placeholder: "GROUP",
  },
  ephemeral: { help: "A consumer that is removed when unused", type: "switch" },
  "flow-control": { help: "Push only as fast as the subscriber confirms", type: "switch" },
  heartbeat: { help: "Send a sign of life when idle this long", type: "string" },
  "max-waiting": { help: "How many pulls may wait", type: "int", placeholder: "PULLS" },
  pull: { help: "Deliver when asked", type: "switch" },
  replay: {
    help: "Deliver at once (instant) or as they came (original)",
    type: "enum",
    placeholder: "POLICY",
    values: ["instant", "original"],
  },
  memory: { help: "Keep its state in memory", type: "switch" },
  pause: { help: "Start paused for this long or until this time", type: "string" },
  "pinned-groups": {
    help: "Deliver each group to one pinned client",
    type: "strings",
    placeholder: "GROUPS",
  },
  "pinned-ttl": {
    help: "How long a pinned client may be silent",
    type: "duration",
    placeholder: "TTL",
  },
  "overflow-groups": {
    help: "Deliver to these groups when others fall behind",
    type: "strings",
    placeholder: "GROUPS",
  },
  "prioritized-groups": {
    help: "Deliver to these groups by priority",
    type: "strings",
    placeholder: "GROUPS",
  },
} as const satisfies FlagSpecs;

export const createFlags = { ...consumerFlags, ...createOnlyFlags } as const;
