import type { ArgSpecs, FlagSpecs } from "../../../grammar/define.ts";

export const publishArgs = {
  subject: { help: "Where to send", required: true },
  body: { help: "What to send" },
} as const satisfies ArgSpecs;

export const publishFlags = {
  reply: { help: "Subject that answers should go to", type: "string", placeholder: "SUBJECT" },
  header: { help: "A header of the message", type: "strings", short: "H", placeholder: "K:V" },
  atomic: { help: "Store all lines of stdin as one batch, or none of them", type: "switch" },
  count: { help: "How many messages to send", type: "int", default: "1" },
  "force-stdin": { help: "Read the body from stdin even in a pipe", type: "switch" },
  jetstream: { help: "Wait for a stream to acknowledge each message", type: "switch", short: "J" },
  quiet: { help: "Write no line for each message", type: "switch", short: "q" },
  "schedule-after": {
    help: "Let the stream publish it after this time",
    type: "duration",
    placeholder: "DURATION",
  },
  "schedule-at": {
    help: "Let the stream publish it at this RFC3339 time",
    type: "string",
    placeholder: "TIME",
  },
  "schedule-cron": {
    help: "Let the stream publish it by this cron pattern",
    type: "string",
    placeholder: "CRON",
  },
  "schedule-dest": {
    help: "Subject of the scheduled messages",
    type: "string",
    placeholder: "SUBJECT",
  },
  "schedule-every": {
    help: "Let the stream publish it again and again, this far apart",
    type: "duration",
    placeholder: "DURATION",
  },
  "schedule-source": {
    help: "Take the scheduled body from the last message of this subject",
    type: "string",
    placeholder: "SUBJECT",
  },
  "schedule-ttl": {
    help: "How long the scheduled messages stay in the stream",
    type: "duration",
    placeholder: "DURATION",
  },
  "send-on": {
    help: "Send what stdin holds at its end (eof) or line by line (newline)",
    type: "enum",
    default: "eof",
    values: ["newline", "eof"],
  },
  sleep: { help: "Pause between messages", type: "duration" },
  templates: { help: "Fill in templates in subject and body", type: "bool", default: "true" },
} as const satisfies FlagSpecs;
