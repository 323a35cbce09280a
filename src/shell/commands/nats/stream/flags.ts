// The flags that describe a stream; `stream add`, `copy` and `edit` share them.

import type { FlagSpecs } from "../../../grammar/define.ts";

/** Flags only of commands that make a stream. */
export const createOnlyFlags = {
  storage: {
    help: "Where messages are kept: file or memory",
    type: "enum",
    values: ["file", "f", "memory", "m"],
  },
  "first-sequence": { help: "Sequence of the first message", type: "uint" },
  "limit-consumer-inactive": {
    help: "Longest time that a consumer may be inactive",
    type: "duration",
    placeholder: "THRESHOLD",
  },
  "limit-consumer-max-pending": {
    help: "Most unacknowledged messages that a consumer may have",
    type: "int",
    placeholder: "PENDING",
  },
  "persist-mode": {
    help: "When writes reach the disk",
    type: "enum",
    values: ["default", "async"],
  },
} as const satisfies FlagSpecs;

export const streamFlags = {
  subjects: { help: "Subjects that the stream stores", type: "strings" },
  description: { help: "What the stream is for", type: "string" },
  compression: {
    help: "How stored messages are packed (file storage)",
    type: "enum",
    values: ["none", "s2"],
  },
  replicas: { help: "On how many servers of a cluster it is kept", type: "int64" },
  tag: { help: "Keep it on servers with this tag", type: "strings" },
  tags: { help: "The older name of --tag", type: "strings", hidden: true },
  cluster: { help: "Keep it in this cluster", type: "string" },
  ack: { help: "Acknowledge what is published", type: "bool", default: "true" },
  retention: {
    help: "How long messages stay: limits, interest or work",
    type: "enum",
    values: ["limits", "interest", "workq", "work"],
  },
  discard: {
    help: "What gives way at a limit: old or new messages",
    type: "enum",
    values: ["new", "old"],
  },
  "discard-per-subject": { help: "Apply discard new to each subject", type: "bool" },
  "max-age": { help: "How old messages may grow", type: "string" },
  "max-bytes": { help: "How many bytes to keep", type: "string", placeholder: "BYTES" },
  "max-consumers": { help: "How many consumers it may have", type: "int", default: "-1" },
  "max-msg-size": { help: "How big one message may be", type: "string", placeholder: "BYTES" },
  "max-msgs": { help: "How many messages to keep", type: "int64", default: "0" },
  "max-msgs-per-subject": {
    help: "How many messages to keep of each subject",
    type: "int64",
    default: "0",
  },
  "dupe-window": { help: "For how long message ids are remembered", type: "string" },
  mirror: { help: "Mirror this stream", type: "string" },
  source: { help: "Gather messages of this stream too", type: "strings", placeholder: "STREAM" },
  "allow-batch": { help: "Allow atomic batches", type: "bool" },
  "allow-fast": { help: "Allow fast batches", type: "bool" },
  "allow-counter": { help: "Make every subject a counter", type: "switch" },
  "allow-rollup": { help: "Allow messages that replace all before them", type: "bool" },
  "deny-delete": { help: "Refuse to delete single messages", type: "bool" },
  "deny-purge": { help: "Refuse to purge", type: "bool" },
  "allow-direct": {
    help: "Let every replica answer reads of single messages",
    type: "bool",
    default: "true",
  },
  "allow-mirror-direct": { help: "Let a mirror answer such reads as well", type: "bool" },
  "allow-msg-ttl": { help: "Allow messages with a time to live", type: "switch" },
  "allow-schedules": { help: "Allow scheduled messages", type: "bool" },
  "subject-del-markers-ttl": {
    help: "How long markers of deleted subjects stay",
    type: "duration",
    placeholder: "DURATION",
  },
  "transform-source": {
    help: "Subjects to rewrite when stored",
    type: "string",
    placeholder: "SOURCE",
  },
  "transform-destination": {
    help: "What they are rewritten to",
    type: "string",
    placeholder: "DEST",
  },
  metadata: { help: "A label, KEY=VALUE", type: "map", placeholder: "META" },
  "republish-source": {
    help: "Subjects to publish again once stored",
    type: "string",
    placeholder: "SOURCE",
  },
  "republish-destination": {
    help: "Where they are published again",
    type: "string",
    placeholder: "DEST",
  },
  "republish-headers": { help: "Publish again without bodies", type: "switch" },
  json: { help: "Write JSON", type: "switch", short: "j" },
} as const satisfies FlagSpecs;

/** Flags only of `stream edit`. */
export const editOnlyFlags = {
  "no-mirror": { help: "Stop mirroring", type: "switch" },
  "no-transform": { help: "Stop rewriting subjects", type: "switch" },
  "no-republish": { help: "Stop publishing again", type: "switch" },
} as const satisfies FlagSpecs;

export const createFlags = { ...streamFlags, ...createOnlyFlags } as const;
