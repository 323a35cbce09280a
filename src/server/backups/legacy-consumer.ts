/** The file in which nats-server keeps how far a consumer is. Source: `decodeConsumerState`. */
import { ArchiveError } from "./archive.ts";
import { type Cursor, takeVarint, unzigzag } from "./varint.ts";

const consumerMagic = 22;

/** Throws `ArchiveError`. */
export function readConsumerFile(bytes: Uint8Array): ConsumerFile {
  const version = bytes[1];
  if (bytes[0] !== consumerMagic || (version !== 1 && version !== 2)) throw corruptState();
  const cursor: Cursor = { bytes, at: 2 };
  const next = (): bigint => {
    const value = takeVarint(cursor);
    if (typeof value === "string") throw corruptState();
    return value;
  };
  const [floorConsumer, floorStream] = [next(), next()];
  let [deliveredConsumer, deliveredStream] = [next(), next()];
  if (version === 1 && floorConsumer > 1n) deliveredConsumer += floorConsumer - 1n;
  if (version === 1 && floorStream > 1n) deliveredStream += floorStream - 1n;
  const pending: ConsumerFile["pending"][number][] = [];
  const pendingCount = next();
  const base = pendingCount > 0n ? unzigzag(next()) : 0n;
  for (let i = 0n; i < pendingCount; i++) {
    const seq = next() + floorStream;
    const consumerSeq = version === 2 ? next() + floorConsumer : 0n;
    const offset = unzigzag(next());
    const seconds = version === 1 ? offset + base : base - offset;
    pending.push({ seq, consumerSeq, at: seconds * 1_000_000_000n });
  }
  const redelivered: ConsumerFile["redelivered"][number][] = [];
  const redeliveredCount = next();
  for (let i = 0n; i < redeliveredCount; i++) {
    redelivered.push({ seq: next() + floorStream, count: next() });
  }
  return {
    delivered: { consumer_seq: deliveredConsumer, stream_seq: deliveredStream },
    ack_floor: { consumer_seq: floorConsumer, stream_seq: floorStream },
    pending,
    redelivered,
  };
}

interface Position {
  readonly consumer_seq: bigint;
  readonly stream_seq: bigint;
}

export interface ConsumerFile {
  readonly delivered: Position;
  readonly ack_floor: Position;
  readonly pending: readonly {
    readonly seq: bigint;
    readonly consumerSeq: bigint;
    readonly at: bigint;
  }[];
  readonly redelivered: readonly { readonly seq: bigint; readonly count: bigint }[];
}

function corruptState(): ArchiveError {
  return new ArchiveError("corrupt state file");
}
