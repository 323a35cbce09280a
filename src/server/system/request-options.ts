/** The body of a request to a server, read as Go reads it into the options of that request. */
import { isJsonObject, JsonError, type JsonLike, parseJson } from "../../protocol/index.ts";
import type { Query } from "../monitoring/monitor-query.ts";
import type { ServerState } from "../state.ts";

/** A body that does not fit: answered with code 400 and Go's words. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

type GoType = "bool" | "int" | "uint64" | "string" | "[]string" | "server.ConnState";

interface Shape {
  /** The struct as Go names it in its errors. */
  readonly struct: string;
  /** The part of it that is this request's own. */
  readonly own: string;
  /** From a member's name to its type, and its name in a page's query where that is another. */
  readonly members: Readonly<Record<string, readonly [GoType, string?]>>;
}

const filters: Shape["members"] = {
  server_name: ["string"],
  cluster: ["string"],
  host: ["string"],
  exact_match: ["bool"],
  tags: ["[]string"],
  domain: ["string"],
};

const shapeOf = (name: string, members: Shape["members"]): Shape => ({
  struct: `${name}EventOptions`,
  own: `${name}Options`,
  members,
});

const paging = { offset: ["int"], limit: ["int"] } as const;

/** Source: the `…EventOptions` of nats-server's `events.go`. */
const shapes: Readonly<Record<string, Shape>> = {
  ACCOUNTZ: shapeOf("Accountz", { account: ["string", "acc"] }),
  CONNZ: shapeOf("Connz", {
    sort: ["string"],
    auth: ["bool"],
    subscriptions: ["bool", "subs"],
    subscriptions_detail: ["bool", "subs-detail"],
    ...paging,
    cid: ["uint64"],
    state: ["server.ConnState"],
    user: ["string"],
    acc: ["string"],
    filter_subject: ["string"],
  }),
  GATEWAYZ: shapeOf("Gatewayz", {}),
  HEALTHZ: shapeOf("Healthz", {
    "js-enabled": ["bool"],
    "js-enabled-only": ["bool"],
    "js-server-only": ["bool"],
    "js-meta-only": ["bool"],
    account: ["string"],
    stream: ["string"],
    consumer: ["string"],
    details: ["bool"],
  }),
  INFO: shapeOf("AccInfo", {}),
  IPQUEUESZ: shapeOf("Ipqueuesz", { all: ["bool"], filter: ["string", "queues"] }),
  JSZ: shapeOf("Jsz", {
    account: ["string", "acc"],
    accounts: ["bool"],
    streams: ["bool"],
    consumer: ["bool", "consumers"],
    direct_consumer: ["bool", "direct-consumers"],
    config: ["bool"],
    leader_only: ["bool", "leader-only"],
    ...paging,
    raft: ["bool"],
    stream_leader_only: ["bool", "stream-leader-only"],
  }),
  LEAFZ: shapeOf("Leafz", {}),
  RAFTZ: shapeOf("Raftz", { account: ["string", "acc"], group: ["string"] }),
  ROUTEZ: shapeOf("Routez", {
    subscriptions: ["bool", "subs"],
    subscriptions_detail: ["bool", "subs-detail"],
  }),
  STATSZ: shapeOf("Statsz", {}),
  STATZ: shapeOf("AccountStatz", { accounts: ["[]string"], include_unused: ["bool", "unused"] }),
  SUBSZ: shapeOf("Subsz", {
    ...paging,
    subscriptions: ["bool", "subs"],
    account: ["string", "acc"],
    test: ["string"],
  }),
  VARZ: shapeOf("Varz", {}),
};

const noShape: Shape = { struct: "EventFilterOptions", own: "", members: {} };

/** What a request asks for, and which servers it is meant for. */
export interface RequestOptions {
  /** By the names of a page's query. */
  readonly query: Query;
  readonly filter: ReadonlyMap<string, JsonLike>;
}

/** Reads the body of a request of kind `what`. Throws {@link OptionsError}. */
export function readRequestOptions(what: string, text: string): RequestOptions {
  const query = new Map<string, string>();
  const filter = new Map<string, JsonLike>();
  const shape = shapes[what] ?? noShape;
  for (const [key, value] of membersOf(text, shape)) {
    const name = key.toLowerCase();
    const own = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
    const member = own ?? (Object.hasOwn(filters, name) ? filters[name] : undefined);
    if (member === undefined || value === null) continue;
    const [type, given] = member;
    checkType(value, type, () => placeOf(shape, own !== undefined, name));
    if (own === undefined) filter.set(name, value);
    else query.set(given ?? name, queryText(type, value));
  }
  if (query.get("subs-detail") === "true") query.set("subs", "detail");
  return { query, filter };
}

/** Whether a request is meant for others. Source: nats-server `filterRequest`. */
export function isFilteredOut(server: ServerState, { filter }: RequestOptions): boolean {
  const { config } = server;
  const isExact = filter.get("exact_match") === true;
  const differs = (name: string, own: string): boolean => {
    const wanted = filter.get(name);
    if (typeof wanted !== "string" || wanted === "") return false;
    return isExact ? wanted !== own : !own.includes(wanted);
  };
  const tags = filter.get("tags");
  const domain = filter.get("domain");
  return (
    differs("server_name", server.name) ||
    differs("host", config.host) ||
    differs("cluster", config.cluster?.name ?? "") ||
    (Array.isArray(tags) && tags.some((tag) => !config.tags.includes(tag))) ||
    (typeof domain === "string" && domain !== "" && domain !== config.jetstream?.domain)
  );
}

function membersOf(text: string, { struct }: Shape): [string, JsonLike][] {
  if (text === "") return [];
  try {
    const body = parseJson(text);
    if (isJsonObject(body)) return Object.entries(body) as [string, JsonLike][];
    if (body === null) return [];
    const into = `into Go value of type server.${struct}`;
    throw new OptionsError(`json: cannot unmarshal ${goKind(body)} ${into}`);
  } catch (error) {
    if (error instanceof JsonError) throw new OptionsError(error.message);
    throw error;
  }
}

function placeOf({ struct, own }: Shape, isOwn: boolean, name: string): string {
  const part = isOwn ? own : struct === "EventFilterOptions" ? "" : "EventFilterOptions";
  return part === "" ? `${struct}.${name}` : `${struct}.${part}.${name}`;
}

function checkType(value: unknown, type: GoType, place: () => string): void {
  if (fits(value, type)) return;
  const isList = type === "[]string" && Array.isArray(value);
  const found = isList ? value.find((one) => typeof one !== "string") : value;
  const shown = typeof found === "number" && isWhole(type) ? `number ${found}` : goKind(found);
  const wanted = isList ? "string" : type;
  throw new OptionsError(
    `json: cannot unmarshal ${shown} into Go struct field ${place()} of type ${wanted}`,
  );
}

function fits(value: unknown, type: GoType): boolean {
  switch (type) {
    case "bool":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "[]string":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "uint64":
      return Number.isInteger(value) && Number(value) >= 0;
    default:
      return Number.isInteger(value);
  }
}

function isWhole(type: GoType): boolean {
  return type !== "bool" && type !== "string" && type !== "[]string";
}

function goKind(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

const states = ["open", "closed", "all"] as const;

function queryText(type: GoType, value: JsonLike): string {
  if (type === "server.ConnState") return states[Number(value)] ?? "";
  return Array.isArray(value) ? value.join(",") : String(value);
}
