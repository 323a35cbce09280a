// Where a mirror or source comes from: the questions that `stream add` asks about it.
// Source of order and texts: natscli v0.4.0 `askMirror`, `askSource`.

import { formatStoredTime, parseStoredTime } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import type { NatsContext } from "../context.ts";
import { orFail } from "../failures.ts";
import { ask, askNumber, confirm } from "../prompts.ts";
import type { StreamSource } from "../wire.ts";

type Draft = { -readonly [K in keyof StreamSource]: StreamSource[K] };

/** The words in which the two kinds differ. */
interface Wording {
  readonly kind: "mirror" | "source";
  readonly durable: string;
  readonly start: string;
  readonly startSeq: string;
  readonly startTime: string;
  readonly filter: string;
  readonly domain: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  readonly account: string;
  readonly accountApi: string;
  readonly accountPrefix: string;
}

const mirrorWording: Wording = {
  kind: "mirror",
  durable: "Configure a custom durable consumer",
  start: "Adjust mirror start",
  startSeq: "Mirror Start Sequence",
  startTime: "Mirror Start Time (YYYY:MM:DD HH:MM:SS)",
  filter: "Adjust mirror filter and transform",
  domain: "Import mirror from a different JetStream domain",
  domainName: "Foreign JetStream domain name",
  domainPrefix: "Delivery prefix",
  account: "Import mirror from a different account",
  accountApi: "Foreign account API prefix",
  accountPrefix: "Foreign account delivery prefix",
};

function sourceWording(name: string): Wording {
  const quoted = JSON.stringify(name);
  const prefix = `${name} Source`;
  return {
    kind: "source",
    durable: `Configure a custom durable consumer for ${quoted}`,
    start: `Adjust source ${quoted} start`,
    startSeq: `${prefix} Start Sequence`,
    startTime: `${prefix} UTC Time Stamp (YYYY:MM:DD HH:MM:SS)`,
    filter: `Adjust source ${quoted} filter and transform`,
    domain: `Import ${quoted} from a different JetStream domain`,
    domainName: `${prefix} foreign JetStream domain name`,
    domainPrefix: `${prefix} foreign JetStream domain delivery prefix`,
    account: `Import ${quoted} from a different account`,
    accountApi: `${prefix} foreign account API prefix`,
    accountPrefix: `${prefix} foreign account delivery prefix`,
  };
}

/** Completes a source that was given by its name. Throws CommandError. */
export function askOrigin(
  ctx: NatsContext,
  name: string,
  kind: "mirror" | "source",
): Promise<StreamSource> {
  const wording = kind === "mirror" ? mirrorWording : sourceWording(name);
  return orFail(`Could not request ${kind} details`, askAll(ctx, name, wording));
}

async function askAll(ctx: NatsContext, name: string, wording: Wording): Promise<StreamSource> {
  const draft: Draft = { name };
  const durable = await confirm(ctx, wording.durable, false);
  if (durable) {
    draft.consumer = {
      name: await line(ctx, "Durable consumer name", true),
      deliver_subject: await line(ctx, "Delivery subject", true),
    };
  } else if (await confirm(ctx, wording.start, false)) await askStart(ctx, wording, draft);
  if (await confirm(ctx, wording.filter, false)) {
    const transforms = await askTransforms(ctx, wording.kind);
    if (transforms.length > 0) draft.subject_transforms = transforms;
  }
  if (await confirm(ctx, wording.domain, false)) {
    const api = `$JS.${await line(ctx, wording.domainName, true)}.API`;
    draft.external = { api, deliver: durable ? "" : await line(ctx, wording.domainPrefix, false) };
  } else if (await confirm(ctx, wording.account, false)) {
    const api = await line(ctx, wording.accountApi, true);
    draft.external = { api, deliver: durable ? "" : await line(ctx, wording.accountPrefix, true) };
  }
  return draft;
}

function line(ctx: NatsContext, message: string, required: boolean): Promise<string> {
  return ask(ctx, { message, required, hasHelp: true });
}

async function askStart(ctx: NatsContext, wording: Wording, draft: Draft): Promise<void> {
  const message = wording.startSeq;
  const typed = await askNumber(ctx, { message, preset: "0", required: true, hasHelp: true });
  if (!/^\d+$/.test(typed)) throw new CommandError("invalid sequence");
  if (typed !== "0") draft.opt_start_seq = Number(typed);
  if (wording.kind === "mirror" && typed !== "0") return;
  const text = await line(ctx, wording.startTime, false);
  if (text === "") return;
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  const time = match && parseStoredTime(`${match[1]}-${match[2]}-${match[3]}T${match[4]}Z`);
  if (!time) throw new CommandError("invalid time format");
  draft.opt_start_time = formatStoredTime(time);
}

async function askTransforms(ctx: NatsContext, kind: string) {
  const transforms: { src: string; dest: string }[] = [];
  for (;;) {
    const src = await line(ctx, `Filter ${kind} by subject (hit enter to finish)`, false);
    if (src === "") return transforms;
    transforms.push({ src, dest: await line(ctx, "Subject transform destination", false) });
  }
}
