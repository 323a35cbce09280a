/** Which subjects a stream may listen to. Source: nats-server `checkStreamCfgLocked`. */
import { isSubsetOf, isValidSubject, subjectsCollide } from "../../../protocol/index.ts";
import { ApiError } from "../../errors.ts";
import { encodeGoQuote } from "../../go-quote.ts";
import { type Draft, invalidConfig } from "./config-draft.ts";
import type { StreamConfig } from "./config-shape.ts";

/** The server's own traffic; a stream that captured it would feed itself. */
const apiNamespaces = ["$JS.>", "$JSC.>", "$NRG.>"] as const;

export function checkSubjects(draft: Draft): void {
  if (draft.subjects.length === 0) {
    if (draft.mirror === null && draft.sources.length === 0) draft.subjects = [draft.name];
    return;
  }
  if (draft.mirror !== null) throw new ApiError("JSMirrorWithSubjectsErr");
  const seen = new Set<string>();
  draft.subjects.forEach((subject, i) => {
    if (!isValidSubject(subject)) throw invalidConfig("invalid subject");
    if (seen.has(subject)) throw invalidConfig("duplicate subjects detected");
    if (subject === ">") checkCaptureAll(draft);
    if (!draft.no_ack) checkNamespaces(subject);
    for (const other of draft.subjects.slice(i + 1)) {
      if (!subjectsCollide(other, subject)) continue;
      throw invalidConfig(
        `subject ${encodeGoQuote(subject)} overlaps with ${encodeGoQuote(other)}`,
      );
    }
    seen.add(subject);
  });
}

function checkCaptureAll(config: StreamConfig): void {
  if (!config.no_ack) throw invalidConfig("capturing all subjects requires no-ack to be true");
  if (config.num_replicas !== 1) {
    throw invalidConfig("capturing all subjects requires replicas of 1");
  }
}

/** Acks to what overlaps with the API would be captured again, for ever. */
function checkNamespaces(subject: string): void {
  for (const namespace of apiNamespaces) {
    if (!subjectsCollide(subject, namespace) || isSubsetOf(subject, "$JS.EVENT.>")) continue;
    throw invalidConfig("subjects that overlap with jetstream api require no-ack to be true");
  }
  if (subjectsCollide(subject, "$SYS.>") && !isSubsetOf(subject, "$SYS.ACCOUNT.>")) {
    throw invalidConfig("subjects that overlap with system api require no-ack to be true");
  }
}
