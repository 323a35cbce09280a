import type { ArgSpecs, FlagSpecs } from "../../../grammar/define.ts";

export const subscribeArgs = {
  subjects: { help: "Subjects to watch", type: "strings" },
} as const satisfies ArgSpecs;

export const subscribeFlags = {
  queue: { help: "Share the messages with others of this queue group", type: "string" },
  durable: { help: "Read through this consumer of the stream", type: "string" },
  raw: { help: "Write only the bodies", type: "switch", short: "r" },
  translate: { help: "Pass each body through this command first", type: "string" },
  ack: { help: "Acknowledge messages that came from a stream", type: "bool" },
  "match-replies": { help: "Show each request together with its answer", type: "switch" },
  inbox: { help: "Watch a new inbox", type: "switch", short: "i" },
  count: { help: "Stop after this many messages", type: "uint" },
  dump: {
    help: "Write each message to a file of this folder",
    type: "string",
    placeholder: "DIRECTORY",
  },
  "headers-only": { help: "Show headers, no bodies", type: "switch" },
  "subjects-only": { help: "Show subjects alone", type: "switch" },
  "start-sequence": {
    help: "Start at this sequence of the stream",
    type: "uint",
    placeholder: "SEQUENCE",
  },
  all: { help: "Start at the first message of the stream", type: "switch" },
  new: { help: "Only messages stored from now on", type: "switch" },
  last: { help: "Start at the last message of the stream", type: "switch" },
  since: {
    help: "Start at messages that are at most this old",
    type: "string",
    placeholder: "DURATION",
  },
  "last-per-subject": { help: "Start with the last message of each subject", type: "switch" },
  "terminate-at-end": {
    help: "Stop when the stream holds no more",
    type: "switch",
    short: "T",
  },
  stream: { help: "Read this stream", type: "string", placeholder: "STREAM" },
  "ignore-subject": {
    help: "Leave out messages of this subject",
    type: "strings",
    short: "I",
    placeholder: "SUBJECT",
  },
  wait: { help: "Stop after this time without a message", type: "duration" },
  "report-subjects": { help: "Show how much each subject carries", type: "switch" },
  "report-subscriptions": { help: "Show how much each subscription carries", type: "switch" },
  "report-top": { help: "How many subjects to show", type: "int", default: "10" },
  timestamp: { help: "Show when each message came", type: "switch", short: "t" },
  "delta-time": { help: "Show how long after the start it came", type: "switch", short: "d" },
  graph: { help: "Draw the rate of messages", type: "switch" },
  direct: { help: "Read without a consumer, message by message", type: "switch" },
} as const satisfies FlagSpecs;
