/** Programs about streams that copy from others. */
import { api, pub, restart, type Step, wait } from "../side-by-side.ts";
import type { Case } from "./stream-cases.ts";

const create = (config: Record<string, unknown>): Step =>
  api(`STREAM.CREATE.${config.name}`, config);
const update = (config: Record<string, unknown>): Step =>
  api(`STREAM.UPDATE.${config.name}`, config);
const info = (name: string): Step =>
  api(`STREAM.INFO.${name}`, { subjects_filter: ">", deleted_details: true });
const get = (name: string, seq: number): Step => api(`STREAM.MSG.GET.${name}`, { seq });

const consumerRequest = (stream: string, headers: Record<string, string>): Step => ({
  do: "request",
  subject: `$JS.API.CONSUMER.CREATE.${stream}`,
  headers,
  body: JSON.stringify({
    stream_name: stream,
    config: { deliver_subject: "to", ack_policy: "none", direct: true, sourcing: true, name: "X" },
  }),
});
const reset = (stream: string, name: string, headers: Record<string, string>): Step => ({
  do: "request",
  subject: `$JS.API.CONSUMER.RESET.${stream}.${name}`,
  headers,
});

const remembering = { allow_msg_ttl: true, duplicate_window: 60_000_000_000 };

export const originCases: readonly Case[] = [
  {
    // Source: nats-server TestJetStreamMessageTTLWhenMirroring, recoverTTLState.
    title: "lets copies go at their time, and when that is allowed late",
    steps: [
      create({ name: "O", subjects: ["o"], allow_msg_ttl: true }),
      create({ name: "M", mirror: { name: "O" }, allow_msg_ttl: true }),
      create({ name: "L", mirror: { name: "O" } }),
      create({ name: "A", mirror: { name: "O" }, max_age: 1_000_000_000 }),
      create({ name: "S", sources: [{ name: "O" }], allow_msg_ttl: true }),
      create({ name: "T", sources: [{ name: "O" }] }),
      wait(500),
      pub("o", "1", { "Nats-TTL": "1s" }),
      pub("o", "2"),
      wait(2500),
      ...["O", "M", "L", "A", "S", "T"].map(info),
      update({ name: "L", mirror: { name: "O" }, allow_msg_ttl: true }),
      update({ name: "T", sources: [{ name: "O" }], allow_msg_ttl: true }),
      wait(300),
      ...["L", "T"].map(info),
      restart,
      ...["L", "T"].map(info),
    ],
  },
  {
    title: "mirrors a stream, holes and all",
    steps: [
      create({ name: "O", subjects: ["o.*"], allow_direct: true }),
      pub("o.a", "1"),
      pub("o.b", "2", { A: "b", "Nats-Expected-Last-Sequence": "1" }),
      pub("o.a", "3"),
      pub("o.c", "4"),
      api("STREAM.MSG.DELETE.O", { seq: 2 }),
      create({ name: "M", mirror: { name: "O" } }),
      wait(700),
      info("M"),
      get("M", 1),
      get("M", 3),
      pub("o.a", "5", { "Nats-Msg-Id": "x" }),
      wait(300),
      info("M"),
      api("STREAM.PURGE.O"),
      pub("o.a", "6"),
      wait(300),
      info("M"),
      get("M", 6),
      api("DIRECT.GET.O", { seq: 6 }),
      update({ name: "M", mirror: { name: "P" } }),
      update({ name: "M", subjects: ["m.*"] }),
      pub("o.a", "7"),
      pub("m.a", "own"),
      wait(300),
      info("M"),
      info("O"),
    ],
  },
  {
    title: "mirrors what it is told to, from where it is told to",
    steps: [
      create({ name: "O", subjects: ["o.*"] }),
      ...Array.from({ length: 8 }, (_, i) => pub(`o.${"ab"[i % 2]}`, `${i}`)),
      create({ name: "F", mirror: { name: "O", filter_subject: "o.b" } }),
      create({ name: "G", mirror: { name: "O", opt_start_seq: 5 } }),
      create({
        name: "H",
        mirror: { name: "O", subject_transforms: [{ src: "o.a", dest: "h.a" }] },
      }),
      create({ name: "T", mirror: { name: "O", opt_start_time: "2090-01-01T00:00:00Z" } }),
      create({ name: "L", mirror: { name: "O" }, max_msgs: 3, storage: "memory" }),
      wait(900),
      info("F"),
      info("G"),
      info("H"),
      info("T"),
      info("L"),
      create({ name: "E", mirror: { name: "NOBODY" } }),
      wait(300),
      info("E"),
      create({ name: "X", mirror: { name: "O", opt_start_seq: 5 }, first_seq: 4 }),
    ],
  },
  {
    title: "gathers from several streams",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({ name: "B", subjects: ["b.*"] }),
      pub("a.1", "1", { "Nats-Msg-Id": "x" }),
      pub("a.2", "2", { "Nats-Expected-Last-Sequence": "1" }),
      create({ name: "S", subjects: ["s.*"], sources: [{ name: "A" }] }),
      wait(700),
      info("S"),
      get("S", 1),
      get("S", 2),
      pub("s.own", "own"),
      update({
        name: "S",
        subjects: ["s.*"],
        sources: [
          { name: "A" },
          {
            name: "B",
            subject_transforms: [
              { src: "b.x", dest: "from.x" },
              { src: "b.y", dest: "" },
            ],
          },
        ],
      }),
      wait(600),
      pub("b.x", "3"),
      pub("b.y", "4"),
      pub("b.z", "5"),
      pub("a.3", "6"),
      wait(400),
      info("S"),
      get("S", 4),
      get("S", 5),
      update({ name: "S", subjects: ["s.*"], sources: [{ name: "A" }] }),
      pub("b.x", "7"),
      pub("a.4", "8"),
      wait(400),
      info("S"),
    ],
  },
  {
    title: "goes on sourcing after a restart",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({ name: "S", sources: [{ name: "A", filter_subject: "a.x" }] }),
      pub("a.x", "1"),
      pub("a.y", "2"),
      pub("a.x", "3"),
      wait(900),
      info("S"),
      api("STREAM.PURGE.S"),
      restart,
      pub("a.x", "4"),
      wait(1200),
      info("S"),
      get("S", 3),
    ],
  },
  {
    title: "notices that its source is another stream of the same name",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({ name: "S", sources: [{ name: "A" }] }),
      ...["1", "2", "3"].map((text) => pub("a.x", text)),
      wait(900),
      info("S"),
      api("STREAM.DELETE.A"),
      create({ name: "A", subjects: ["a.*"] }),
      pub("a.x", "new 1"),
      pub("a.x", "new 2"),
      // After the start it asks for the stream that it knew, is refused, and asks for this one.
      restart,
      wait(4000),
      info("S"),
      get("S", 4),
      get("S", 5),
      pub("a.x", "new 3"),
      wait(400),
      info("S"),
    ],
  },
  {
    title: "tells which stream it is to whoever copies from it",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      consumerRequest("A", { "Nats-Stream-Identity": "" }),
      consumerRequest("A", {}),
      consumerRequest("A", { "Nats-Stream-Identity": "AAAAAAAA" }),
      api("CONSUMER.DURABLE.CREATE.A.D", {
        stream_name: "A",
        config: { durable_name: "D", ack_policy: "explicit" },
      }),
      reset("A", "D", { "Nats-Stream-Identity": "AAAAAAAA" }),
      reset("A", "D", {}),
    ],
  },
  {
    title: "copies from streams that keep messages for their consumers",
    steps: [
      create({ name: "W", subjects: ["w.*"], retention: "workqueue" }),
      create({ name: "I", subjects: ["i.*"], retention: "interest" }),
      pub("w.a", "1"),
      pub("w.b", "2"),
      create({ name: "S", sources: [{ name: "W", filter_subject: "w.a" }] }),
      create({ name: "M", mirror: { name: "I" } }),
      wait(900),
      pub("i.a", "3"),
      pub("w.a", "4"),
      wait(1300),
      info("S"),
      info("M"),
      info("W"),
      info("I"),
      api("CONSUMER.NAMES.W"),
      api("CONSUMER.NAMES.I"),
    ],
  },
  {
    title: "copies by a consumer that is there for it",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({
        name: "S",
        sources: [{ name: "A", consumer: { name: "C", deliver_subject: "to.s" } }],
      }),
      pub("a.1", "1"),
      pub("a.2", "2"),
      wait(400),
      info("S"),
      api("CONSUMER.CREATE.A.C", {
        stream_name: "A",
        config: { durable_name: "C", ack_policy: "flow_control", deliver_subject: "to.s" },
      }),
      // It looks again within five seconds, or as soon as the consumer is heard.
      wait(8000),
      info("S"),
      get("S", 1),
      pub("a.3", "3"),
      wait(1500),
      info("S"),
      api("CONSUMER.INFO.A.C"),
    ],
  },
  {
    title: "mirrors by a consumer that is there for it, and says when it is not the right one",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      pub("a.1", "1"),
      pub("a.2", "2"),
      api("CONSUMER.CREATE.A.C", {
        stream_name: "A",
        config: { durable_name: "C", ack_policy: "flow_control", deliver_subject: "to.m" },
      }),
      api("CONSUMER.CREATE.A.W", {
        stream_name: "A",
        config: { durable_name: "W", ack_policy: "explicit", deliver_subject: "to.w" },
      }),
      create({
        name: "M",
        mirror: { name: "A", consumer: { name: "C", deliver_subject: "to.m" } },
      }),
      create({
        name: "X",
        mirror: { name: "A", consumer: { name: "W", deliver_subject: "to.w" } },
      }),
      create({
        name: "Y",
        sources: [{ name: "A", consumer: { name: "W", deliver_subject: "to.w" } }],
      }),
      wait(1500),
      info("M"),
      info("X"),
      info("Y"),
      get("M", 2),
      pub("a.3", "3"),
      wait(1500),
      info("M"),
      api("CONSUMER.INFO.A.C"),
    ],
  },
  {
    title: "a mirror becomes a stream of its own",
    steps: [
      create({ name: "O", subjects: ["o.*"], allow_msg_ttl: true }),
      pub("o.a", "1", { "Nats-TTL": "1h" }),
      create({ name: "M", mirror: { name: "O" }, allow_msg_ttl: true }),
      wait(700),
      update({ name: "M", subjects: ["m.*"], allow_msg_ttl: true }),
      update({ name: "M", allow_msg_ttl: true }),
      pub("M", "2"),
      pub("o.a", "3"),
      wait(300),
      info("M"),
      get("M", 1),
      update({ name: "M", subjects: ["m.*"], allow_msg_ttl: true }),
      pub("m.x", "4"),
      info("M"),
    ],
  },
  {
    title: "answers for its origin when it is up to date",
    steps: [
      create({ name: "O", subjects: ["o.*"], allow_direct: true }),
      pub("o.a", "1"),
      create({ name: "M", mirror: { name: "O" }, mirror_direct: true }),
      wait(700),
      api("DIRECT.GET.O", { seq: 1 }),
      api("DIRECT.GET.M", { seq: 1 }),
      api("STREAM.DELETE.O"),
      api("DIRECT.GET.O", { seq: 1 }),
      api("DIRECT.GET.O.o.a"),
      update({ name: "M", mirror: { name: "O" }, mirror_direct: false }),
      api("DIRECT.GET.O", { seq: 1 }),
    ],
  },
  {
    title: "waits for an origin that is not there yet",
    steps: [
      create({ name: "S", subjects: ["s"], sources: [{ name: "A", opt_start_seq: 2 }] }),
      create({ name: "M", mirror: { name: "A", filter_subject: "a.2" } }),
      wait(500),
      info("S"),
      info("M"),
      create({ name: "A", subjects: ["a.*"] }),
      pub("a.1", "1"),
      pub("a.2", "2"),
      pub("a.2", "3"),
      pub("s", "own"),
      wait(14_000),
      info("S"),
      info("M"),
    ],
  },
  {
    title: "knows what it gathers by ids and lifetimes of its own",
    steps: [
      create({ name: "A", subjects: ["a.*"], allow_msg_ttl: true }),
      create({ name: "B", subjects: ["b.*"] }),
      create({ name: "S", subjects: ["s"], sources: [{ name: "A" }], ...remembering }),
      pub("a.1", "1", { "Nats-Msg-Id": "x", "Nats-TTL": "1h" }),
      pub("b.1", "2", { "Nats-Msg-Id": "x" }),
      wait(900),
      pub("s", "own", { "Nats-Msg-Id": "x" }),
      update({
        name: "S",
        subjects: ["s"],
        sources: [{ name: "A" }, { name: "B" }],
        ...remembering,
      }),
      wait(900),
      info("S"),
      get("S", 1),
      get("S", 2),
    ],
  },
  {
    title: "mirrors within limits of its own, and is purged by itself",
    steps: [
      create({ name: "O", subjects: ["o.*"] }),
      ...["a", "b", "a", "c", "a"].map((end) => pub(`o.${end}`, end)),
      create({ name: "M", mirror: { name: "O" }, max_msgs_per_subject: 1 }),
      wait(800),
      info("M"),
      api("STREAM.PURGE.M"),
      info("M"),
      pub("o.d", "d"),
      wait(300),
      info("M"),
      api("STREAM.MSG.DELETE.M", { seq: 6 }),
      info("M"),
      pub("M", "x"),
      update({ name: "M", mirror: { name: "O" }, max_msgs_per_subject: 1, max_msgs: 1 }),
      pub("o.e", "e"),
      wait(300),
      info("M"),
    ],
  },
  {
    title: "gathers into streams that keep messages for their consumers",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({ name: "I", sources: [{ name: "A" }], retention: "interest" }),
      create({ name: "W", sources: [{ name: "A" }], retention: "workqueue" }),
      pub("a.1", "1"),
      wait(900),
      info("I"),
      info("W"),
      api("CONSUMER.CREATE.I.D", {
        stream_name: "I",
        config: { durable_name: "D", ack_policy: "explicit" },
      }),
      pub("a.2", "2"),
      wait(300),
      info("I"),
      info("W"),
    ],
  },
  {
    title: "passes on along a chain, over a restart",
    steps: [
      create({ name: "A", subjects: ["a.*"] }),
      create({ name: "B", sources: [{ name: "A" }] }),
      create({
        name: "C",
        sources: [{ name: "B", subject_transforms: [{ src: "a.*", dest: "c.{{wildcard(1)}}" }] }],
      }),
      pub("a.1", "1"),
      wait(900),
      restart,
      pub("a.2", "2"),
      wait(1500),
      info("B"),
      info("C"),
      get("C", 2),
    ],
  },
  {
    title: "adds up counters of several streams",
    steps: [
      create({ name: "A", subjects: ["c.a"], allow_msg_counter: true }),
      create({ name: "B", subjects: ["c.b"], allow_msg_counter: true }),
      pub("c.a", "", { "Nats-Incr": "5" }),
      pub("c.b", "", { "Nats-Incr": "7" }),
      create({
        name: "S",
        allow_msg_counter: true,
        sources: [{ name: "A", subject_transforms: [{ src: "c.a", dest: "sum" }] }],
      }),
      wait(700),
      update({
        name: "S",
        allow_msg_counter: true,
        sources: [
          { name: "A", subject_transforms: [{ src: "c.a", dest: "sum" }] },
          { name: "B", subject_transforms: [{ src: "c.b", dest: "sum" }] },
        ],
      }),
      wait(700),
      pub("c.a", "", { "Nats-Incr": "1" }),
      wait(400),
      info("S"),
      get("S", 1),
      get("S", 2),
      get("S", 3),
    ],
  },
];

/**
 * Not compared: when a stream heard last, which identity it has, the order of
 * its sources (a Go map), who of origin and mirror answers a direct get.
 */
export function withoutMoments(text: string): string {
  return sortSources(text)
    .replace(/"active":\d+/g, '"active":"<active>"')
    .replace(/Nats-Stream: [OM]/, "Nats-Stream: <O or M>")
    .replace(/"hdrs":"([^"]+)"/g, (_, encoded: string) => {
      const headers = Buffer.from(encoded, "base64").toString();
      const known = headers.replace(/(Nats-Stream-Source:(?: [^ \r]+){5}) \w{8}/, "$1 <identity>");
      return JSON.stringify(known);
    })
    .replace(/(Nats-Stream-Identity: |identity does not match: )\w{8}/, "$1<identity>")
    .replace(/"name":"X-\w{8}"/g, '"name":"X-<random>"')
    .replace(/("bytes":)\d+/g, "$1<bytes>");
}

function sortSources(text: string): string {
  const start = text.indexOf('{"type":');
  if (start < 0) return text;
  const reply = JSON.parse(text.slice(start)) as { sources?: { name: string }[] };
  reply.sources?.sort((a, b) => (a.name < b.name ? -1 : 1));
  return text.slice(0, start) + JSON.stringify(reply);
}
