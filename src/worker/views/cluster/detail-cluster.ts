/** What the inspector adds for a server, a stream or a consumer of a cluster. */
import type { ConsumerState } from "../../../jetstream/index.ts";
import type { DetailView, WhyLineView } from "../../frames.ts";
import type { FoundStream } from "../assets.ts";
import type { DetailScene } from "../detail-scene.ts";
import { groupId, splitId, streamId } from "../names.ts";
import { row } from "../rows.ts";
import { allGroups, type Group, leaderOf } from "./members.ts";
import { viewRaftTable } from "./raft-table.ts";
import { copyLines, whyBroken, whyNoLeader, whyNotAcked } from "./why-group.ts";

type Addition = Partial<DetailView>;

/** A server: what it leads, and its place in the meta group. */
export function serverInCluster(scene: DetailScene, name: string): Addition {
  const { world, past } = scene;
  const { now } = world.kernel;
  const groups = allGroups(world);
  const own = groups.filter((group) => group.peers.includes(name));
  const meta = own.find((group) => group.kind === "meta");
  const view = scene.servers.find((one) => one.name === name);
  if (meta === undefined || view === undefined) return {};
  const led = own.filter((group) => leaderOf(group, now) === name);
  const why = whyNoLeader(world, past, meta, "the meta group");
  const place = view.role === null ? "" : `, meta ${view.role}`;
  return {
    what: `server of ${view.cluster}, ${view.state}${place}`,
    evidence: why?.evidence ?? "",
    vitals: [
      { label: "connections", value: String(connections(scene, name)), of: "" },
      { label: "leads", value: String(led.length), of: `of ${own.length}` },
      { label: "term", value: view.term === null ? "–" : String(view.term), of: "" },
    ],
    raft: viewRaftTable(world, meta),
    question: why?.question ?? "What does it lead?",
    why: why?.lines ?? leadLines(led, now),
  };
}

function connections({ world }: DetailScene, name: string): number {
  return world.hosts.get(name)?.server?.conns.size ?? 0;
}

function leadLines(led: readonly Group[], now: number): WhyLineView[] {
  if (led.length === 0) {
    return [{ at: now, text: "Nothing: it follows in every group that it is in.", tense: "now" }];
  }
  return led.slice(0, 8).map((group) => {
    const { kind, stream, label, consumer, running } = group;
    const term = Math.max(...[...running.values()].map(({ core }) => core.stable.term));
    const what =
      kind === "meta"
        ? "The meta group: it decides where streams and consumers live"
        : `[${consumer === "" ? stream : consumer}](${streamId(label)})`;
    return { at: now, text: `${what}, in [term ${term}](${groupId(group.name)}).`, tense: "now" };
  });
}

/** A replicated stream: its group, and why it does or does not take messages now. */
export function streamInCluster(scene: DetailScene, stream: FoundStream): Addition {
  const { group } = stream;
  if (group === null) return {};
  const { world, past } = scene;
  const why =
    whyNoLeader(world, past, group, stream.name) ??
    whyNotAcked(world, stream, group) ??
    whyBroken(world, stream, group);
  const { now } = world.kernel;
  const led = `led by [${stream.host.name}](server:${stream.host.name})`;
  return {
    what: `R${group.peers.length} stream, ${stream.led ? led : "without a leader"}`,
    raft: viewRaftTable(world, group),
    ...(why === null
      ? { why: [...promiseLines(group, now), ...copyLines(stream.copies, now)] }
      : { question: why.question, why: why.lines, evidence: why.evidence }),
  };
}

function promiseLines(group: Group, now: number): WhyLineView[] {
  const needs = Math.floor(group.peers.length / 2) + 1;
  const text = `A PubAck says that ${needs} of ${group.peers.length} servers have written it.`;
  return [
    { at: now, text, tense: "now" },
    {
      at: now,
      text: "Written is not synced: power taken from all takes what is not.",
      tense: "now",
    },
  ];
}

/** A consumer: where it is led. */
export function consumerInCluster(
  { world }: DetailScene,
  stream: FoundStream,
  consumer: ConsumerState,
): Addition {
  const group = allGroups(world).find(
    (one) =>
      one.stream === stream.plain &&
      one.account === stream.group?.account &&
      one.consumer === consumer.name,
  );
  return group === undefined ? {} : { raft: viewRaftTable(world, group) };
}

/** A group by itself. */
export function detailGroup(scene: DetailScene, id: string): Addition | null {
  const [, name] = splitId(id);
  const { world, past } = scene;
  const group = allGroups(world).find((one) => one.name === name);
  if (group === undefined) return null;
  const { now } = world.kernel;
  const leader = leaderOf(group, now);
  const asset = group.kind === "meta" ? "the meta group" : group.consumer || group.stream;
  const why = whyNoLeader(world, past, group, asset);
  const member = leader === null ? undefined : group.running.get(leader);
  const lines = past.lines.filter((line) => line.about.includes(id));
  return {
    id,
    name: asset,
    what: `Raft group \`${name}\``,
    vitals: [
      { label: "leader", value: leader ?? "none", of: "" },
      { label: "members", value: String(group.running.size), of: `of ${group.peers.length}` },
      { label: "term", value: String(member?.core.stable.term ?? "–"), of: "" },
    ],
    question: why?.question ?? `Why does ${leader} lead?`,
    why: why?.lines ?? electionLines(scene, group, leader ?? ""),
    evidence: why?.evidence ?? "",
    state: [row("leader", "leader", leader ?? "none"), row("commit", "", member?.core.commit ?? 0)],
    raft: viewRaftTable(world, group),
    log: lines.slice(-40),
  };
}

function electionLines({ world, past }: DetailScene, group: Group, leader: string) {
  const { now } = world.kernel;
  const reign = past.reigns.findLast((one) => one.group === group.name);
  const votes = [...group.running.values()].filter(({ core }) => core.stable.vote === leader);
  const names = votes.map(({ core }) => core.id).join(", ");
  const lines: WhyLineView[] = [
    {
      at: reign?.at ?? null,
      text: `${leader} was elected, with the votes of ${names}.`,
      tense: "past",
    },
    {
      at: now,
      text: "Its heartbeats, one a second, keep the timers of the others full.",
      tense: "now",
    },
  ];
  return lines;
}
