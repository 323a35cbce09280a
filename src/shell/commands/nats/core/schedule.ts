// The headers that make a stream publish a message later.

import type { MsgHdrs } from "@nats-io/nats-core";
import { addToStoredTime, parseStoredTime } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration } from "../../../render/durations.ts";
import { rfc3339 } from "../../../render/times.ts";
import type { NatsContext } from "../context.ts";
import type { PublishInput, Schedule } from "./publish-job.ts";

/** The schedule that the flags ask for, null without any. Source: natscli `publishAction`. */
export function readSchedule(ctx: NatsContext, input: PublishInput): Schedule | null {
  const { flags, given } = input;
  const isScheduled =
    ["schedule-after", "schedule-every"].some((name) => given.has(name)) ||
    [flags["schedule-cron"], flags["schedule-at"], flags["schedule-source"]].some(Boolean) ||
    flags["schedule-ttl"] > 0 ||
    flags["schedule-dest"] !== "";
  if (!isScheduled) return null;
  return {
    check: () => checkSchedule(input),
    addTo: (headers) => addScheduleHeaders(ctx, input, headers),
  };
}

function checkSchedule({ flags, given }: PublishInput): void {
  const refuse = (text: string): never => {
    throw new CommandError(text);
  };
  const { "schedule-at": at, "schedule-cron": cron } = flags;
  const after = flags["schedule-after"];
  const every = flags["schedule-every"];
  if (flags["schedule-dest"] === "") {
    refuse("schedule destination is required when setting schedule properties");
  }
  if (given.has("schedule-after") && after <= 0) refuse("--schedule-after must be greater than 0");
  if (given.has("schedule-every") && every <= 0) refuse("--schedule-every must be greater than 0");
  if (at !== "" && after > 0) {
    refuse("--schedule-at and --schedule-after are mutually exclusive");
  }
  if (every > 0 && (at !== "" || after > 0)) {
    refuse("--schedule-every may not be used with --schedule-at or --schedule-after");
  }
  if (cron !== "" && (at !== "" || after > 0 || every > 0)) {
    refuse(
      "--schedule-at, --schedule-every and --schedule-after may not be used with --schedule-cron",
    );
  }
  if (at !== "" && parseStoredTime(at) === null) {
    const layout = "2006-01-02T15:04:05Z07:00";
    refuse(`parsing time ${JSON.stringify(at)} as ${JSON.stringify(layout)}: cannot parse`);
  }
}

function addScheduleHeaders(ctx: NatsContext, { flags }: PublishInput, headers: MsgHdrs): void {
  headers.set("Nats-Schedule-Target", flags["schedule-dest"]);
  const at = parseStoredTime(flags["schedule-at"]);
  const after = flags["schedule-after"];
  const every = flags["schedule-every"];
  if (at) headers.set("Nats-Schedule", `@at ${rfc3339(at)}`);
  else if (after > 0) {
    // Without "@at", which the server refuses: so does the recorded command line.
    headers.set("Nats-Schedule", rfc3339(addToStoredTime(ctx.process.storedNow(), after)));
  } else if (every > 0) headers.set("Nats-Schedule", `@every ${goDuration(every)}`);
  else if (flags["schedule-cron"] !== "") headers.set("Nats-Schedule", flags["schedule-cron"]);
  if (flags["schedule-ttl"] > 0) {
    headers.set("Nats-Schedule-TTL", goDuration(flags["schedule-ttl"]));
  }
  if (flags["schedule-source"] !== "") {
    headers.set("Nats-Schedule-Source", flags["schedule-source"]);
  }
}
