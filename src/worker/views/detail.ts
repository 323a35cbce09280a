/** What the inspector shows of the one selected thing. */
import {
  type ConsumerState,
  consumerFilters,
  int64ToNumber,
  isPush,
  loadMessage,
} from "../../jetstream/index.ts";
import { streamSeq, tableGet, tableHas, virtualAt } from "../../kernel/index.ts";
import { decodeText } from "../../protocol/index.ts";
import { serverHosts, unsyncedBytes } from "../../world/index.ts";
import type { DetailView, MessageRowView, TraceView } from "../frames.ts";
import { type FoundStream, syncedUpTo } from "./assets.ts";
import {
  consumerInCluster,
  detailGroup,
  serverInCluster,
  streamInCluster,
} from "./cluster/detail-cluster.ts";
import { detailMessage } from "./detail-message.ts";
import { type DetailScene, empty, previewLetters, shown } from "./detail-scene.ts";
import { featuresNow } from "./features/door.ts";
import { asSaid } from "./history.ts";
import { splitId, splitName, streamId } from "./names.ts";
import { durationText, limitText, row } from "./rows.ts";
import { whyConsumer } from "./why.ts";

export function viewDetail(scene: DetailScene, id: string): DetailView | null {
  const [kind, name] = splitId(id);
  switch (kind) {
    case "server":
      return detailServer(scene, id, name);
    case "stream":
      return detailStream(scene, id, name);
    case "consumer":
      return detailConsumer(scene, id, name);
    case "client":
      return detailClient(scene, id, name);
    case "message":
      return detailMessage(scene, id, name);
    case "replica":
      return detailStream(scene, id, splitName(name)[0]);
    case "group": {
      const group = detailGroup(scene, id);
      return group === null ? null : { ...empty, id, name, ...group };
    }
    default:
      return null;
  }
}

function logOf({ past }: DetailScene, id: string): TraceView[] {
  return past.lines
    .filter((line) => line.about.includes(id))
    .slice(-shown)
    .map((line) => asSaid(line, Number.POSITIVE_INFINITY));
}

function detailServer(scene: DetailScene, id: string, name: string): DetailView | null {
  const host = serverHosts(scene.world).find((one) => one.name === name);
  const view = scene.servers.find((one) => one.id === id);
  if (host === undefined || view === undefined) return null;
  const { server } = host;
  const messages = scene.streams.reduce((sum, s) => sum + s.state.store.messages, 0);
  const state = [
    row("connections", "connections", server?.conns.size ?? 0),
    row("streams", "streams", scene.streams.length),
    row("messages", "messages", messages),
    row("unsynced", "", `${unsyncedBytes(host.disk).toLocaleString("en")} B`),
    row("in", "in_msgs", server?.totals.inMsgs ?? 0),
    row("out", "out_msgs", server?.totals.outMsgs ?? 0),
  ];
  const { syncInterval } = host.disk;
  return {
    ...empty,
    id,
    name,
    what: view.state === "up" ? "server, up" : `server, ${view.state}`,
    vitals: [
      { label: "clients", value: String(server?.conns.size ?? 0), of: "" },
      { label: "streams", value: String(scene.streams.length), of: "" },
      { label: "messages", value: String(messages), of: "" },
    ],
    question: "What would a power cut take?",
    why: [
      {
        at: scene.world.kernel.now,
        text: `${unsyncedBytes(host.disk)} B are written and not synced. A kill keeps them, a power cut does not.`,
        tense: "now",
      },
    ],
    evidence: "our model of the disk; sync_interval as in nats-server 2.15",
    state,
    config: [
      row("address", "", host.address),
      row(
        "synced every",
        "sync_interval",
        syncInterval === null ? "always" : durationText(syncInterval),
        "2 min",
      ),
    ],
    log: logOf(scene, id),
    copies: [{ label: "nats", text: "nats server report jetstream" }],
    ...serverInCluster(scene, name),
  };
}

function detailStream(scene: DetailScene, id: string, name: string): DetailView | null {
  const stream = scene.streams.find((one) => one.name === name);
  if (stream === undefined) return null;
  const { config, store } = stream.state;
  const synced = syncedUpTo(stream);
  return {
    ...empty,
    id,
    name,
    what: `stream on [${stream.host.name}](server:${stream.host.name})`,
    vitals: [
      { label: "messages", value: store.messages.toLocaleString("en"), of: "" },
      { label: "first", value: String(store.seqFirst), of: "" },
      { label: "last", value: String(store.seqLast), of: "" },
      { label: "bytes", value: store.bytes.toLocaleString("en"), of: "" },
    ],
    question: store.messages === 0 ? "Why is it empty?" : "What is safe here?",
    why: [...whyStream(scene, stream, synced), ...moreWhy(scene, id)],
    evidence: "checked on nats-server 2.15",
    state: [
      row("messages", "messages", store.messages),
      row("first", "first_seq", store.seqFirst),
      row("last", "last_seq", store.seqLast),
      row("bytes", "bytes", store.bytes),
      row("consumers", "consumer_count", stream.consumers.size),
      row("synced up to", "", synced),
    ],
    config: [...streamConfig(stream), ...(featuresNow()?.featureRows(stream) ?? [])],
    messages: lastMessages(stream),
    log: logOf(scene, id),
    copies: [
      { label: "nats", text: `nats stream info ${stream.plain}` },
      { label: "nats.js", text: `await jsm.streams.info(${JSON.stringify(name)})` },
      { label: "JSON", text: JSON.stringify(config, null, 2) },
    ],
    ...streamInCluster(scene, stream),
  };
}

/** What marks on the canvas say of it, once what draws them is here. */
function moreWhy({ features, world }: DetailScene, id: string): DetailView["why"] {
  return featuresNow()?.whyOf(features, id, world.kernel.now) ?? [];
}

function whyStream(scene: DetailScene, stream: FoundStream, synced: number): DetailView["why"] {
  const { config, store } = stream.state;
  const at = scene.world.kernel.now;
  const say = (text: string) => ({ at, text, tense: "now" as const });
  if (store.messages === 0) {
    return [say(`Nothing was published to \`${config.subjects.join(" ")}\` that it still keeps.`)];
  }
  if (stream.path === null) return [say("It lives in memory: a restart empties it.")];
  const open = store.seqLast - synced;
  const lines = [say(`Up to ${synced} is synced to disk.`)];
  if (open > 0)
    lines.push(say(`The last ${open} are written, not synced: a power cut takes them.`));
  lines.push(say("A PubAck was sent as soon as a message was written."));
  return lines;
}

function streamConfig({ state }: FoundStream): DetailView["config"] {
  const { config } = state;
  return [
    row("takes", "subjects", config.subjects.join(" ")),
    row("kept in", "storage", config.storage, "file"),
    row("kept until", "retention", config.retention, "limits"),
    row("when full", "discard", config.discard, "old"),
    row("messages", "max_msgs", limitText(int64ToNumber(config.max_msgs)), "unlimited"),
    row("bytes", "max_bytes", limitText(int64ToNumber(config.max_bytes)), "unlimited"),
    row(
      "per subject",
      "max_msgs_per_subject",
      limitText(int64ToNumber(config.max_msgs_per_subject)),
      "unlimited",
    ),
    row("age", "max_age", durationText(int64ToNumber(config.max_age)), "none"),
    row(
      "remembers ids",
      "duplicate_window",
      durationText(int64ToNumber(config.duplicate_window)),
      "2 min",
    ),
    row("copies", "num_replicas", config.num_replicas, 1),
  ];
}

function lastMessages(stream: FoundStream): MessageRowView[] {
  const { store } = stream.state;
  const rows: MessageRowView[] = [];
  const synced = syncedUpTo(stream);
  for (let seq: number = store.seqLast; seq > 0 && rows.length < shown; seq -= 1) {
    if (seq < store.seqFirst) break;
    const message = loadMessage(store, streamSeq(seq));
    if (message === null) continue;
    rows.push({
      seq,
      at: virtualAt(message.time),
      subject: message.subject,
      size: message.payload.length,
      state: seq <= synced ? "synced" : "written",
      preview: decodeText(message.payload).slice(0, previewLetters),
    });
    if (store.seqLast - seq > 10 * shown) break;
  }
  return rows;
}

function detailConsumer(scene: DetailScene, id: string, name: string): DetailView | null {
  const [streamName, consumerName] = splitName(name);
  const stream = scene.streams.find((one) => one.name === streamName);
  const state = stream?.consumers.get(consumerName);
  const view = scene.consumers.find((one) => one.id === id);
  if (stream === undefined || state === undefined || view === undefined) return null;
  const { now } = scene.world.kernel;
  const lost = scene.past.lost.filter((flight) => (flight.about ?? flight.target) === id);
  const streamLast = stream.state.store.seqLast;
  const why = whyConsumer({ now, state, view, stream: streamName, streamLast, lost });
  return {
    ...empty,
    id,
    name: consumerName,
    what: `consumer on [${streamName}](${streamId(streamName)})`,
    vitals: [
      {
        label: "seats",
        value: String(view.taken),
        of: view.limit > 0 ? `of ${limitText(view.limit)}` : "",
      },
      { label: "floor", value: String(view.floor), of: "" },
      { label: "delivered", value: String(view.needle), of: "" },
      { label: "waiting", value: String(view.waiting), of: "" },
    ],
    question: why.question,
    why: [...why.lines, ...moreWhy(scene, id)],
    evidence: why.evidence,
    state: [
      row("seats taken", "num_ack_pending", view.taken),
      row("gate", "max_ack_pending", view.limit, 1000),
      row("again", "num_redelivered", view.redelivered),
      row("waiting", "num_pending", view.waiting),
      row("pulls open", "num_waiting", view.pulls),
      row("floor", "ack_floor.stream_seq", view.floor),
      row("needle", "delivered.stream_seq", view.needle),
      row("deliveries", "delivered.consumer_seq", state.deliveryNext - 1),
    ],
    config: consumerConfig(state),
    messages: pendingMessages(stream, state),
    log: logOf(scene, id),
    copies: [
      { label: "nats", text: `nats consumer info ${stream.plain} ${consumerName}` },
      {
        label: "nats.js",
        text: `await jsm.consumers.info(${JSON.stringify(stream.plain)}, ${JSON.stringify(consumerName)})`,
      },
      { label: "JSON", text: JSON.stringify(state.config, null, 2) },
    ],
    ...consumerInCluster(scene, stream, state),
  };
}

function consumerConfig({ config }: ConsumerState): DetailView["config"] {
  const rows = [
    row("way", "", isPush(config) ? `push to ${config.deliver_subject}` : "pull"),
    row("begins", "deliver_policy", config.deliver_policy, "all"),
    row("acks", "ack_policy", config.ack_policy),
    row("AckWait", "ack_wait", durationText(int64ToNumber(config.ack_wait)), "30 s"),
    row("attempts", "max_deliver", limitText(config.max_deliver), "unlimited"),
    row("gate", "max_ack_pending", config.max_ack_pending, 1000),
    row("open pulls", "max_waiting", config.max_waiting, 512),
  ];
  const filters = consumerFilters(config);
  if (filters.length > 0) rows.push(row("only", "filter_subjects", filters.join(" ")));
  return rows;
}

function pendingMessages(stream: FoundStream, consumer: ConsumerState): MessageRowView[] {
  return lastMessages(stream)
    .filter((message) => message.seq < consumer.seqNext && message.seq > consumer.floorStream)
    .map((message) => {
      const seq = streamSeq(message.seq);
      const again = tableGet(consumer.redelivered, seq) ?? 0;
      const waits = tableHas(consumer.pending, seq);
      return {
        ...message,
        state: waits ? (again > 0 ? `waiting ×${again + 1}` : "waiting") : "acked",
      };
    });
}

function detailClient(scene: DetailScene, id: string, name: string): DetailView | null {
  const view = scene.clients.find((one) => one.id === id);
  if (view === undefined) return null;
  const actor = scene.world.actors.get(name);
  const counters = actor?.counters;
  return {
    ...empty,
    id,
    name,
    what: `${view.label} on [${splitId(view.server ?? "")[1]}](${view.server})`,
    vitals:
      counters === undefined
        ? []
        : actor?.plan.role === "publisher"
          ? [
              { label: "sent", value: String(counters.sent), of: "" },
              { label: "acked", value: String(counters.acked), of: "" },
              { label: "refused", value: String(counters.refused), of: "" },
            ]
          : [
              { label: "received", value: String(counters.received), of: "" },
              { label: "done", value: String(counters.processed), of: "" },
              { label: "again", value: String(counters.redelivered), of: "" },
            ],
    question: `What does ${view.kind === "terminal" ? "the terminal" : name} do?`,
    why: [
      {
        at: scene.world.kernel.now,
        text: view.doing === "" ? "Nothing at the moment." : view.doing,
        tense: "now",
      },
    ],
    state:
      counters === undefined
        ? []
        : Object.entries(counters)
            .filter(([, value]) => typeof value === "number")
            .map(([key, value]) => row(key, "", Number(value))),
    log: logOf(scene, id),
  };
}
