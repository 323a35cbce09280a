/** Plays cases on both servers, many at a time, and tells where they differ. */
import { lanesOf } from "./grounds.ts";
import { type Case, type Ground, parseStep } from "./notation.ts";
import { ourStage } from "./our-stage.ts";
import { type Played, play, type Stage, type Transcript } from "./player.ts";
import { startTheirServer, type TheirServer } from "./their-stage.ts";

/** What came of a case. */
export interface Outcome {
  readonly case: Case;
  /** Empty when both answered alike. */
  readonly differences: readonly Difference[];
  /** How often it was played before both answered alike. */
  readonly tries: number;
  /** How many answers were compared. */
  readonly answers: number;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export interface Difference {
  readonly key: string;
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

/** The real server of each ground, started when first wanted. */
export class TheirServers {
  readonly #command: readonly string[];
  readonly #started = new Map<Ground, Promise<TheirServer>>();

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /** A server that `play` may use; one that a program has for itself is gone afterwards. */
  async with<T>(
    ground: Ground,
    lane: number,
    use: (server: TheirServer) => Promise<T>,
  ): Promise<T> {
    if (ground !== "own") return await use(await this.#of(ground));
    const server = await startTheirServer(this.#command, ground, [lane]);
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  }

  #of(ground: Ground): Promise<TheirServer> {
    const lanes = Array.from({ length: lanesOf[ground] }, (_, i) => i);
    const started = this.#started.get(ground) ?? startTheirServer(this.#command, ground, lanes);
    this.#started.set(ground, started);
    return started;
  }

  async stop(): Promise<void> {
    for (const server of this.#started.values()) await (await server).stop();
  }
}

/** Plays one case; when the servers differ, again and more slowly before it says so. */
export async function compareCase(
  servers: TheirServers,
  lane: number,
  one: Case,
  triesMax = 3,
): Promise<Outcome> {
  const ours = await playOurs(one, lane);
  for (let tries = 1; ; tries++) {
    const theirs = await servers.with(one.ground, lane, async (server) => {
      const stage = server.stage(lane, tries === 1 ? 1 : 4 * tries);
      await sweep(stage, one.ground);
      return await play(stage, one.steps, ours.counts);
    });
    const differences = compareTranscripts(ours.transcript, theirs.transcript);
    if (differences.length > 0 && tries < triesMax) continue;
    return outcome({ case: one, differences, tries }, ours, theirs);
  }
}

/** Plays all, as many at a time as there are lanes; `each` hears of every outcome. */
export async function compareAll(
  servers: TheirServers,
  all: readonly Case[],
  lanes: Readonly<Record<Ground, number>>,
  each: (outcome: Outcome) => void,
): Promise<void> {
  const grounds = [...new Set(all.map((one) => one.ground))];
  const work = grounds.flatMap((ground) => {
    const queue = all.filter((one) => one.ground === ground);
    return Array.from({ length: lanes[ground] }, async (_, lane) => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        each(await compareCase(servers, lane, one));
      }
    });
  });
  await Promise.all(work);
}

/** The differences as a person reads them: the first line of each place, about where it differs. */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences.map(describeDifference).join("\n");
}

function describeDifference({ key, ours, theirs }: Difference): string {
  const at = theirs.findIndex((line, i) => line !== ours[i]);
  const i = at < 0 ? theirs.length : at;
  const [own, their] = [ours[i] ?? "(nothing)", theirs[i] ?? "(nothing)"];
  let first = 0;
  while (first < own.length && own[first] === their[first]) first++;
  const from = Math.max(0, first - 60);
  const window = (text: string): string =>
    `${from > 0 ? "..." : ""}${text.slice(from, first + 160)}${text.length > first + 160 ? "..." : ""}`;
  return [
    `at ${key}, line ${i + 1} of ${theirs.length}, here of ${ours.length}`,
    `  nats-server: ${window(their)}`,
    `  windtunnel:  ${window(own)}`,
  ].join("\n");
}

/** Every line that is no step would make its case pass for nothing. */
export function checkNotation(all: readonly Case[]): void {
  const titles = new Set<string>();
  for (const one of all) {
    if (titles.has(one.title)) throw new Error(`two cases are called "${one.title}"`);
    titles.add(one.title);
    if (one.steps.length === 0) throw new Error(`"${one.title}" has no steps`);
    for (const line of one.steps) parseStep(line);
  }
}

/** What our server throws is a difference like any other. */
async function playOurs(one: Case, lane: number): Promise<Played> {
  try {
    return await play(ourStage(one.ground, lane), one.steps, null);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { transcript: new Map([["crash", [text]]]), counts: [], documents: [] };
  }
}

/** The accounts of the lane as they were at first: without streams. */
async function sweep(stage: Stage, ground: Ground): Promise<void> {
  // Nobody used this server before.
  if (ground === "own") return;
  await sweepAccount(stage, [], "");
  if (ground === "shared") await sweepAccount(stage, ['open b {"as":"b"}'], "as b ");
}

/** `first` makes the connection that lines after `prefix` speak on. */
async function sweepAccount(stage: Stage, first: readonly string[], prefix: string): Promise<void> {
  const ask = (lines: readonly string[]): Promise<Played> => {
    const all = [...first, ...lines];
    const answered = lines.map((line, i) => `${first.length + i + 1} ${line}`);
    const counts = all.map(
      (_, i) => new Map(answered.slice(0, i + 1 - first.length).map((key) => [key, 1])),
    );
    return play(stage, all, counts);
  };
  const names = await ask([`${prefix}api STREAM.NAMES`]);
  const [document = "{}"] = names.documents;
  const { streams } = JSON.parse(document) as { readonly streams?: readonly string[] | null };
  const lines = (streams ?? []).map((name) => `${prefix}api STREAM.DELETE.${name}`);
  if (lines.length > 0) await ask(lines);
}

function outcome(
  what: Pick<Outcome, "case" | "differences" | "tries">,
  ours: Played,
  theirs: Played,
): Outcome {
  const answers = [...ours.transcript.values()].reduce((sum, lines) => sum + lines.length, 0);
  return { ...what, answers, ours: ours.documents, theirs: theirs.documents };
}

function compareTranscripts(ours: Transcript, theirs: Transcript): Difference[] {
  const found: Difference[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [own, their] = [ours.get(key) ?? [], theirs.get(key) ?? []];
    if (own.join("\n") !== their.join("\n")) found.push({ key, ours: own, theirs: their });
  }
  return found;
}
