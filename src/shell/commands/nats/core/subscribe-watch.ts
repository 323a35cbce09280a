// What one run of `nats subscribe` carries along.

import type { NatsConnection } from "@nats-io/nats-core";
import type { StoredTime } from "../../../../kernel/index.ts";
import { subjectsCollide } from "../../../../protocol/index.ts";
import type { Input } from "../../../grammar/define.ts";
import type { subscribeArgs, subscribeFlags } from "./subscribe-flags.ts";
import type { Report } from "./subscribe-report.ts";

export type SubscribeInput = Input<typeof subscribeFlags, typeof subscribeArgs>;

export interface Watch {
  readonly connection: NatsConnection;
  readonly input: SubscribeInput;
  readonly subjects: readonly string[];
  readonly ignored: readonly string[];
  readonly started: StoredTime;
  readonly report: Report | null;
  /** How many messages were shown. */
  count: number;
}

/** The line of `Ignored subjects`, on its own line after what is subscribed to. */
export function ignoredText(watch: Watch): string {
  return watch.ignored.length > 0 ? `\nIgnored subjects: ${watch.ignored.join(", ")}` : "";
}

/** Did the person ask to leave this subject out? */
export function isIgnored(watch: Watch, subject: string): boolean {
  return watch.ignored.some((pattern) => subjectsCollide(subject, pattern));
}
