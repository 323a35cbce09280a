/** What is the matter in a cluster, in a sentence or two: the worst of it first. */
import type { CaptionView, GroupView, MemberView, ServerView, StreamView } from "../../frames.ts";
import type { CaptionScene } from "../caption.ts";
import { splitId } from "../names.ts";

/** Null outside of a cluster, and while all is well in it. */
export function captionOfCluster(scene: CaptionScene): CaptionView | null {
  if (scene.routes.length === 0) return null;
  return (
    captionOfCandidate(scene) ??
    captionOfLeaderless(scene) ??
    captionOfBroken(scene) ??
    captionOfStale(scene) ??
    captionOfMissing(scene)
  );
}

const nameOf = (id: string): string => splitId(id)[1];

/** `n1`, `n1 and n2`, `n1, n2 and n3`. */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

function whatOf(group: GroupView): string {
  return group.asset === "" ? "the meta group" : nameOf(group.asset);
}

/** Streams before the meta group: they are what is seen. */
function inOrder(groups: readonly GroupView[]): readonly GroupView[] {
  return [...groups].sort((a, b) => Number(a.asset === "") - Number(b.asset === ""));
}

function captionOfCandidate({ groups }: CaptionScene): CaptionView | null {
  for (const group of inOrder(groups)) {
    if (group.leader !== null) continue;
    const candidates = group.members.filter((member) => member.state === "candidate");
    if (candidates.length === 0) continue;
    const size = group.members.length;
    const [first] = candidates as [MemberView];
    const others = group.members.filter((one) => one.server !== first.server).map(serverOf);
    if (candidates.length > 1) {
      return {
        strong: `${listed(candidates.map(serverOf))} ask at once to lead ${whatOf(group)}.`,
        rest: `Each needs ${first.needs} of ${size} votes, and every server has one a term.`,
      };
    }
    return {
      strong: `${serverOf(first)} asks ${listed(others)} for their votes, term ${first.term}.`,
      rest: `${first.needs} of ${size} make it the leader of ${whatOf(group)}.`,
    };
  }
  return null;
}

const serverOf = (member: MemberView): string => nameOf(member.server);

function captionOfLeaderless({ groups, servers }: CaptionScene): CaptionView | null {
  for (const group of inOrder(groups)) {
    if (group.leader !== null) continue;
    const running = group.members.filter((one) => isRunning(servers, one));
    const most = Math.floor(group.members.length / 2) + 1;
    const what = whatOf(group);
    const strong = `${what === nameOf(group.asset) ? what : "The meta group"} has no leader.`;
    if (running.length < most) {
      const of = `${running.length} of ${group.members.length} members run`;
      return { strong, rest: `${of}; it takes ${most} to elect one, so nothing is stored.` };
    }
    return {
      strong,
      rest: `${listed(running.map(serverOf))} wait 4 to 9 s for its word, then ask for votes.`,
    };
  }
  return null;
}

function isRunning(servers: readonly ServerView[], member: MemberView): boolean {
  const server = servers.find((one) => one.id === member.server);
  return member.state !== "down" && server?.state !== "frozen";
}

function captionOfBroken({ ledger, streams }: CaptionScene): CaptionView | null {
  if (ledger.broken === 0) return null;
  const broken = streams.find((stream) => stream.cells.some((cell) => cell.state === "broken"));
  if (broken === undefined) return null;
  const some = ledger.broken === 1 ? "One promise is" : `${ledger.broken} promises are`;
  return {
    strong: `${some} broken: acknowledged, then gone from ${broken.name}.`,
    rest: "Acknowledged is written by a quorum; it is not yet on their disks.",
  };
}

function captionOfStale({ groups, streams }: CaptionScene): CaptionView | null {
  for (const group of inOrder(groups)) {
    const stale = group.members.find((member) => member.state === "stale");
    if (stale === undefined || group.leader === null) continue;
    return {
      strong: `${serverOf(stale)} still believes that it leads ${whatOf(group)}.`,
      rest: `${nameOf(group.leader)} does, in a later term. What ${serverOf(stale)} ${readsOf(streams, group)}`,
    };
  }
  return null;
}

function readsOf(streams: readonly StreamView[], { asset }: GroupView): string {
  const isStream = streams.some((stream) => stream.id === asset);
  return isStream ? "says may be old, and what it is told it cannot store." : "says is old.";
}

const stateWords: Partial<Record<ServerView["state"], string>> = {
  down: "killed",
  off: "without power",
  frozen: "frozen",
};

/** All groups have leaders all the same: that is what replicas are for. */
function captionOfMissing({ servers, groups }: CaptionScene): CaptionView | null {
  const missing = servers.filter((server) => stateWords[server.state] !== undefined);
  const [first] = missing;
  if (first === undefined) return null;
  const names = listed(missing.map((server) => server.name));
  const word = stateWords[first.state] ?? "down";
  const group = inOrder(groups)[0];
  const leader = group?.leader;
  const verb = missing.length === 1 ? "is" : "are";
  if (group === undefined || leader == null) {
    return { strong: `${names} ${verb} ${word}.`, rest: "Clients go on at another server." };
  }
  return {
    strong: `${names} ${verb} ${word}; ${whatOf(group)} goes on.`,
    rest: `${nameOf(leader)} leads it, and a quorum is there to agree.`,
  };
}
