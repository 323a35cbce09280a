/** Opens what the page asks for: a scenario, a text, a link, or one server with nothing on it. */
import type { Realm } from "../clients/index.ts";
import { type JournalEntry, virtualNanos } from "../kernel/index.ts";
import {
  decodeShare,
  emptyScenario,
  parseScenario,
  type Scenario,
  ScenarioError,
  type SharedSession,
  ShareLinkError,
} from "../link/index.ts";
import { Session, SetupError } from "../scenario/index.ts";
import { programs } from "../shell/index.ts";
import type { OpenRequest } from "./api.ts";
import type { LessonDesk } from "./lesson-desk.ts";
import { scenarioText } from "./library.ts";

export interface Opened {
  readonly session: Session;
  readonly title: string;
  readonly scenario: string | null;
  readonly caption: string;
  readonly problem: string;
  readonly refused: boolean;
  /** Entries that came with the scenario: not a person's, so not to be undone. */
  readonly given: ReadonlySet<JournalEntry>;
}

export interface Ground {
  readonly realm: Realm;
  readonly lessons: LessonDesk;
}

interface Wish {
  readonly scenario: Scenario;
  readonly recorded: boolean;
  readonly at: number | null;
  readonly caption: string;
  readonly branch: string;
  readonly problem: string;
  readonly shared: SharedSession | null;
}

const blank: Scenario = { ...emptyScenario, title: "", world: ["server"] };

export async function openSession(
  request: OpenRequest,
  ground: Ground,
  attach: (session: Session) => void,
): Promise<Opened> {
  const wish = await readWish(request, ground.lessons);
  const { session, problem } = await openOrBlank(wish, request, ground);
  attach(session);
  const given = new Set(wish.recorded ? [] : session.journal());
  const at = request.at ?? wish.at;
  if (at !== null && at > 0) await session.seek(virtualNanos(at));
  const branch = request.branch ?? wish.branch;
  if (branch !== "") session.renameBranch(session.branch, branch);
  return {
    session,
    given,
    title: request.title || wish.scenario.title,
    scenario: request.scenario ?? null,
    caption: wish.caption,
    problem: problem || (await hashProblem(wish.shared, session)),
    refused: problem !== "",
  };
}

async function openOrBlank(
  wish: Wish,
  request: OpenRequest,
  { realm, lessons }: Ground,
): Promise<{ readonly session: Session; readonly problem: string }> {
  const ground = { programs, realm, lessons };
  const seed = request.seed === undefined ? {} : { seed: request.seed };
  try {
    const future = wish.recorded ? "recorded" : "script";
    const session = await Session.open(wish.scenario, ground, { ...seed, future });
    return { session, problem: wish.problem };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { session: await Session.open(blank, ground, seed), problem: error.message };
  }
}

const instead =
  "An empty tunnel opened instead; Lessons and scenarios, press o, lists what there is.";

/** What cannot be read is said, and an empty sandbox opens in its place. */
async function readWish(request: OpenRequest, lessons: LessonDesk): Promise<Wish> {
  const plain = {
    recorded: request.recorded ?? false,
    at: null,
    branch: "",
    problem: "",
    shared: null,
  };
  try {
    if (request.share !== undefined) return await readShare(request.share);
    if (request.text !== undefined) {
      const scenario = parseScenario(request.text);
      return { ...plain, scenario, caption: scenario.caption };
    }
    if (request.lesson !== undefined) {
      const start = await lessons.start(request.lesson);
      if (start === null) return nothing(`There is no lesson called ${request.lesson}. ${instead}`);
      const scenario = parseScenario(start.text);
      return { ...plain, scenario, at: start.opens, caption: scenario.caption };
    }
    if (request.scenario !== undefined && request.scenario !== "blank") {
      const text = await scenarioText(request.scenario);
      if (text === null)
        return nothing(`There is no scenario called ${request.scenario}. ${instead}`);
      const scenario = parseScenario(text);
      return { ...plain, scenario, caption: scenario.caption };
    }
  } catch (error) {
    if (error instanceof ScenarioError || error instanceof ShareLinkError) {
      return nothing(error.message);
    }
    throw error;
  }
  return { ...plain, scenario: blank, caption: "" };
}

async function readShare(link: string): Promise<Wish> {
  const shared = await decodeShare(`#w=${link}`);
  const parsed = parseScenario(shared.journal);
  const at = typeof shared.view.at === "number" ? shared.view.at : null;
  const branch = typeof shared.view.branch === "string" ? shared.view.branch : "";
  const { caption } = shared;
  const scenario = { ...parsed, seed: shared.seed };
  return { scenario, recorded: true, at, branch, caption, problem: "", shared };
}

function nothing(problem: string): Wish {
  const plain = { recorded: false, at: null, branch: "", caption: "", shared: null };
  return { ...plain, scenario: blank, problem };
}

async function hashProblem(shared: SharedSession | null, session: Session): Promise<string> {
  if (shared === null || shared.hash === null) return "";
  if (session.hash() === shared.hash) return "";
  return `This link was recorded with behaviour ${shared.behaviour}; here the same inputs lead to another state. What you see is this version's.`;
}
