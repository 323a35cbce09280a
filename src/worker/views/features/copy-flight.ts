/** A message that a stream has copied from another: a flight between their tapes. */
import { loadMessage } from "../../../jetstream/index.ts";
import { streamSeq } from "../../../kernel/index.ts";
import { getHeader } from "../../../protocol/index.ts";
import type { TraceEntry } from "../../../world/index.ts";
import type { FlightView } from "../../frames.ts";
import type { FoundStream } from "../assets.ts";
import { streamId } from "../names.ts";
import { isAlone } from "./need.ts";

type Stored = Extract<TraceEntry, { from: "server" }>["record"];

/** Null when the message was published to the stream itself. Copies take no time in one server. */
export function copyFlight(record: Stored, streams: readonly FoundStream[]): FlightView | null {
  if (record.kind !== "stored") return null;
  const copy = streams.find((one) => one.name === record.stream);
  if (copy === undefined || !isAlone(copy)) return null;
  const origin = originOf(copy, record.seq);
  if (origin === null) return null;
  return {
    // Numbers of flights on wires count up from 1.
    id: -record.id,
    kind: "message",
    client: streamId(origin),
    target: streamId(copy.name),
    inward: true,
    seq: record.seq,
    tries: 0,
    code: 0,
    departs: record.at,
    arrives: record.at,
    lost: false,
    count: 1,
    headers: false,
  };
}

function originOf({ state }: FoundStream, seq: number): string | null {
  const { mirror, sources } = state.config;
  if (mirror !== null) return mirror.external === undefined ? mirror.name : null;
  if (sources.length === 0) return null;
  const headers = loadMessage(state.store, streamSeq(seq))?.headers ?? null;
  // Source: nats-server `genSourceHeader`: the origin's name (or index name), then its sequence.
  const origin = getHeader(headers, "Nats-Stream-Source")?.split(" ")[0]?.split(":")[0] ?? "";
  return sources.some(({ name, external }) => name === origin && external === undefined)
    ? origin
    : null;
}
