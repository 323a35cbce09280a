/** Mirrors and sources as flows from one stream to another. */
import type { StreamSource } from "../../../jetstream/index.ts";
import { subjectsCollide } from "../../../protocol/index.ts";
import type { StreamAsset } from "../../../server/index.ts";
import type { Host } from "../../../world/index.ts";
import type { CopyView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { streamId } from "../names.ts";
import { assetOf } from "./asset-of.ts";
import { sourceNote } from "./tape-notes.ts";

type OriginLink = StreamAsset["origins"] extends Map<string, infer Link> ? Link : never;

export function viewCopies(stream: FoundStream, streams: readonly FoundStream[]): CopyView[] {
  const links = [...(assetOf(stream)?.origins.values() ?? [])];
  const copies = links.map((link, index): CopyView => {
    const origin = originOf(link.source, stream, streams);
    return {
      kind: "copy",
      id: `copy:${stream.name}/${index}`,
      from: origin === null ? link.source.name : streamId(origin.name),
      to: streamId(stream.name),
      way: link.kind,
      lag: link.lag,
      state: stateOf(link),
      note: sourceNote(link.source),
      error: link.error?.description ?? "",
    };
  });
  return [...copies, ...viewEchoes(stream, streams)];
}

/** Streams of the same account that store what this one republishes. */
function viewEchoes(stream: FoundStream, streams: readonly FoundStream[]): CopyView[] {
  const { republish } = stream.state.config;
  if (republish === null) return [];
  const subject = republishedTo(republish.dest);
  const account = assetOf(stream)?.account;
  const heard = streams.filter((one) => {
    const isHere = one !== stream && isNear(one, stream) && assetOf(one)?.account === account;
    return isHere && one.state.config.subjects.some((it) => subjectsCollide(it, subject));
  });
  return heard.map(({ name }) => ({
    kind: "copy",
    id: `copy:${name}/${stream.name}`,
    from: streamId(stream.name),
    to: streamId(name),
    way: "republish",
    lag: 0,
    state: "following",
    note: "",
    error: "",
  }));
}

/** A destination as a filter: what takes the place of a token can be any token. */
function republishedTo(dest: string): string {
  return dest.replace(/\{\{[^}]*\}\}|\$\d+/g, "*");
}

/** The stream that is copied, in whichever account of this server or cluster; else null. */
export function originOf(
  { name, external }: StreamSource,
  copy: FoundStream,
  streams: readonly FoundStream[],
): FoundStream | null {
  const own = assetOf(copy)?.account ?? "";
  const account = external === undefined ? own : accountBehind(external.api, copy.host, own);
  const found = streams.find((one) => {
    return one !== copy && one.plain === name && isNear(one, copy) && isOf(one, account);
  });
  return found ?? null;
}

/** On one server, or led in one cluster. */
export function isNear({ host }: FoundStream, other: FoundStream): boolean {
  const cluster = host.config?.cluster?.name;
  return host === other.host || (cluster != null && cluster === other.host.config?.cluster?.name);
}

function isOf(stream: FoundStream, account: string | null): boolean {
  return assetOf(stream)?.account === account;
}

/** Whose API answers under a prefix: our own under our domain, another account's by its export. */
function accountBehind(prefix: string, host: Host, own: string): string | null {
  const { server } = host;
  const domain = server?.config.jetstream?.domain ?? "";
  if (prefix === "$JS.API" || (domain !== "" && prefix === `$JS.${domain}.API`)) return own;
  const services = server?.accounts.get(own)?.services ?? [];
  return services.find(({ to }) => to.startsWith(`${prefix}.`))?.account ?? null;
}

function stateOf({ phase, error, fails }: OriginLink): CopyView["state"] {
  if (phase === "following") return "following";
  return error !== null || fails > 0 ? "failing" : "asking";
}
