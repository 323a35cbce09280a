/** Why a Raft group has no leader, or why what is published is not acknowledged: from the state. */
import { quorum } from "../../../raft/index.ts";
import type { World } from "../../../world/index.ts";
import type { WhyLineView } from "../../frames.ts";
import { aheadOf, type Copy, type FoundStream } from "../assets.ts";
import type { Past } from "../history.ts";
import type { Why } from "../why.ts";
import { type Group, leaderOf, type Member } from "./members.ts";
import { secondsText } from "./raft-table.ts";

const evidence = "rules and times of nats-server 2.15 (raft.go)";

/** Null while the group is led. */
export function whyNoLeader(world: World, past: Past, group: Group, name: string): Why | null {
  const { now } = world.kernel;
  if (leaderOf(group, now) !== null) return null;
  const running = [...group.running.values()].filter((member) => isAwake(world, member));
  const needs = Math.floor(group.peers.length / 2) + 1;
  const lines = [...lostLines(past, group)];
  const say = (text: string, tense: WhyLineView["tense"] = "now", at: number | null = now) =>
    lines.push({ at, text, tense });
  say(`${running.length} of ${group.peers.length} members run. A leader needs **${needs} votes**.`);
  for (const { core } of running.filter((member) => member.core.role === "leader")) {
    say(`${core.id} believes that it leads, in term ${core.stable.term}: no quorum answers it.`);
  }
  const candidates = running.filter((member) => member.core.role === "candidate");
  for (const { core } of candidates) {
    const votes = `${core.votes.size} of ${quorum(core)}`;
    say(`**${core.id} asks for votes** in term ${core.stable.term} and has ${votes}.`);
  }
  if (running.length < needs) say("Too few are there to elect anybody, however long it takes.");
  const next = nextTimer(running);
  if (next !== null && candidates.length === 0) {
    const { core, electionAt } = next;
    say(`${core.id} drew the shortest timer. When it ends, it asks for votes.`, "next", electionAt);
  }
  if (group.kind === "stream") {
    say("Until then nobody listens on its subjects: publishers hear 503.", "next", null);
  }
  return { question: `Why has ${name} no leader?`, lines, evidence };
}

function isAwake(world: World, { core }: Member): boolean {
  return world.hosts.get(core.id)?.frozen === false;
}

function nextTimer(running: readonly Member[]): Member | null {
  let next: Member | null = null;
  for (const member of running) {
    if (member.electionAt === null) continue;
    if (next === null || member.electionAt < (next.electionAt ?? 0)) next = member;
  }
  return next;
}

/** When it lost its leader, as far as this branch remembers. */
function lostLines({ reigns }: Past, { name }: Group): WhyLineView[] {
  const own = reigns.filter((reign) => reign.group === name);
  const lost = own.at(-1);
  const before = own.at(-2);
  if (lost === undefined || lost.host !== null || before?.host == null) return [];
  return [
    { at: before.at, text: `${before.host} was elected.`, tense: "past" },
    { at: lost.at, text: `${before.host} leads no more: its last word came here.`, tense: "past" },
  ];
}

/** Null when the leader has nothing that waits for a quorum. */
export function whyNotAcked(world: World, stream: FoundStream, group: Group): Why | null {
  const { now } = world.kernel;
  const { member } = stream;
  const { open } = aheadOf(stream);
  if (!stream.led || member === null || open === 0) return null;
  const { core } = member;
  const last = stream.state.store.seqLast + aheadOf(stream).committed;
  const which = open === 1 ? `${last + 1}` : `${last + 1} to ${last + open}`;
  const lines: WhyLineView[] = [
    { at: now, text: `${core.id} has appended ${which} and sent it on.`, tense: "now" },
    { at: now, text: `A PubAck needs ${quorum(core)} of ${group.peers.length}.`, tense: "now" },
  ];
  for (const [peer, { match, heardAt }] of core.progress) {
    const has = match >= core.lastIndex ? "has all of it" : `has said so up to entry ${match}`;
    const heard = heardAt === null ? "never heard from" : `heard ${secondsText(now - heardAt)} ago`;
    lines.push({ at: now, text: `${peer} ${has} _(${heard})_.`, tense: "now" });
  }
  return { question: `Why is ${which} not acknowledged?`, lines, evidence };
}

/** Null while the stream has kept its word. */
export function whyBroken(world: World, stream: FoundStream, group: Group): Why | null {
  const { now } = world.kernel;
  const breaks = world.ledger.breaks.filter((one) => one.stream === stream.name);
  const [first] = breaks;
  if (first === undefined) return null;
  const all = breaks.length === world.ledger.breaks.length ? world.ledger.broken : breaks.length;
  const end = stream.state.store.seqLast;
  const needs = Math.floor(group.peers.length / 2) + 1;
  const lines: WhyLineView[] = [
    {
      at: null,
      text: `Each was acknowledged: ${needs} of ${group.peers.length} wrote it.`,
      tense: "past",
    },
    { at: first.at, text: first.why, tense: "past" },
    { at: now, text: `The stream ends at ${end}.`, tense: "now" },
  ];
  if (end < Number(first.seq)) {
    const text = `Sequence ${end + 1} will be given to another message.`;
    lines.push({ at: null, text, tense: "next" });
  }
  const question = all === 1 ? "Why is a promise broken?" : `Why are ${all} promises broken?`;
  return { question, lines, evidence: "the ledger; our model of disks" };
}

/** What a replicated stream's promises rest on, copy by copy. */
export function copyLines(copies: readonly Copy[], now: number): WhyLineView[] {
  return copies.map(({ host, state, member }) => {
    const { seqLast } = state.store;
    const words = member === null ? "does not run; its disk has it" : "has it";
    return { at: now, text: `${host.name} ${words} up to ${seqLast}.`, tense: "now" };
  });
}
