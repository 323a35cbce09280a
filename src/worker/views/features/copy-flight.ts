/** A message that a stream has copied from another: a flight between their tapes. */
import { loadMessage } from "../../../jetstream/index.ts";
import { streamSeq } from "../../../kernel/index.ts";
import { getHeader } from "../../../protocol/index.ts";
import type { TraceEntry } from "../../../world/index.ts";
import type { FlightView } from "../../frames.ts";
import type { FoundStream } from "../assets.ts";
import { streamId } from "../names.ts";
import { isNear, originOf } from "./copies.ts";

type Stored = Extract<TraceEntry, { from: "server" }>["record"];

/** Null when the message was published to the stream itself. Copies take no time in one server. */
export function copyFlight(record: Stored, streams: readonly FoundStream[]): FlightView | null {
  if (record.kind !== "stored") return null;
  const copy = streams.find((one) => one.name === record.stream);
  // Of a group the leader copies; the others store what it has agreed on with them.
  if (copy === undefined || copy.host.name !== record.host) return null;
  const origin = cameFrom(copy, record.seq, streams);
  if (origin === null) return null;
  return {
    // Numbers of flights on wires count up from 1.
    id: -record.id,
    kind: "message",
    client: streamId(origin.name),
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

function cameFrom(
  copy: FoundStream,
  seq: number,
  streams: readonly FoundStream[],
): FoundStream | null {
  const { mirror, sources } = copy.state.config;
  if (mirror !== null) return originOf(mirror, copy, streams);
  const headers = loadMessage(copy.state.store, streamSeq(seq))?.headers ?? null;
  if (headers === null) return null;
  // Source: nats-server `genSourceHeader`: the origin's name (or index name), then its sequence.
  const named = getHeader(headers, "Nats-Stream-Source")?.split(" ")[0]?.split(":")[0] ?? "";
  const source = sources.find(({ name }) => name === named);
  if (source !== undefined) return originOf(source, copy, streams);
  // Source: stream.go, the header of what is republished.
  const echoed = getHeader(headers, "Nats-Stream") ?? "";
  return streams.find((one) => one !== copy && one.plain === echoed && isNear(one, copy)) ?? null;
}
