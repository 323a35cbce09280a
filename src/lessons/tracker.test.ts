/** Progress is a function of the journal: time travel, undo, branches and reloads all agree. */
import { beforeAll, expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { seconds, virtualNanos } from "../kernel/index.ts";
import { parseScenario, type Scenario } from "../link/index.ts";
import { execLine, loadPredicates, Session } from "../scenario/index.ts";
import { loadPrograms, programs } from "../shell/index.ts";
import { formatClock } from "./clock.ts";
import { LessonGuide } from "./guide.ts";
import { findLesson, loadLesson } from "./library.ts";
import type { Progress } from "./progress.ts";
import { changesSomething } from "./strokes.ts";

const realm = installRealm({ strict: false });
const second = (n: number) => virtualNanos(seconds(n));

beforeAll(async () => {
  await loadPrograms();
  await loadPredicates();
  await loadLesson("lost-ack");
});

interface Followed {
  readonly session: Session;
  readonly guide: LessonGuide;
}

async function open(scenario: Scenario, recorded = false): Promise<Followed> {
  const guide = new LessonGuide();
  const ground = { programs, realm, lessons: guide };
  const future = recorded ? "recorded" : "script";
  return { session: await Session.open(scenario, ground, { future }), guide };
}

async function openLesson(): Promise<Followed> {
  const lesson = findLesson("lost-ack");
  if (lesson === null) throw new Error("no lost-ack");
  const followed = await open(lesson.start);
  await followed.session.runUntil(lesson.opens);
  return followed;
}

/** Every task that has been ticked, with its time. */
function ticks({ guide }: Followed): string[] {
  const progress = guide.tracker?.progress() as Progress;
  return progress.lesson.beats.flatMap((beat) =>
    ("tasks" in beat ? beat.tasks : []).flatMap(({ key }) => {
      const latch = progress.held(key);
      return latch === null ? [] : [`${key} ${formatClock(latch.at)}`];
    }),
  );
}

const beat = ({ guide }: Followed): string => {
  const progress = guide.tracker?.progress() as Progress;
  return progress.lesson.beats[progress.beat]?.kind ?? "";
};

test("nothing is ticked before the question is answered", async () => {
  const followed = await openLesson();
  await followed.session.runUntil(second(15));
  expect(ticks(followed)).toEqual([]);
  expect(beat(followed)).toBe("predict");
  await followed.session.input("lesson guess 1");
  // What has come to pass by then ticks at once.
  expect(ticks(followed)).toHaveLength(4);
  expect(beat(followed)).toBe("do");
  await followed.session.dispose();
});

test("seeking shows what had held by then, and coming back shows the rest", async () => {
  const followed = await openLesson();
  const { session } = followed;
  await session.input("lesson guess 2");
  await session.runUntil(second(11));
  const all = ticks(followed);
  expect(all.map((one) => one.split(" ")[0])).toEqual(["3.1", "3.2", "3.3", "3.4"]);
  await session.seek(second(8.5));
  expect(ticks(followed)).toEqual(all.slice(0, 2));
  await session.seek(second(3));
  expect(ticks(followed)).toEqual([]);
  expect(beat(followed)).toBe("predict");
  await session.seek(second(11));
  expect(ticks(followed)).toEqual(all);
  await session.dispose();
});

test("undo takes a tick and a stroke back, redo gives them again", async () => {
  const followed = await openLesson();
  const { session, guide } = followed;
  await session.input("lesson guess 2");
  await session.runUntil(second(11));
  await session.input("fault drop ack");
  expect(ticks(followed)).toHaveLength(5);
  expect(guide.strokes).toBe(1);
  await session.undo();
  expect(ticks(followed)).toHaveLength(4);
  expect(guide.strokes).toBe(0);
  await session.redo();
  expect(ticks(followed)).toHaveLength(5);
  await session.undo();
  // Another line in its place: the tick of the other branch does not count here.
  await session.input("lesson hint");
  expect(ticks(followed)).toHaveLength(4);
  await session.dispose();
});

test("acting in the past begins a branch that has only what had held by then", async () => {
  const followed = await openLesson();
  const { session } = followed;
  await session.input("lesson guess 2");
  await session.runUntil(second(11));
  await session.seek(second(8.5));
  await session.input("lesson hint");
  expect(session.branches).toHaveLength(2);
  expect(ticks(followed)).toHaveLength(2);
  await session.runUntil(second(11));
  expect(ticks(followed)).toHaveLength(4);
  await session.switchBranch(0);
  expect(ticks(followed)).toHaveLength(4);
  await session.dispose();
});

test("a journal opened again has the same ticks at the same times", async () => {
  const first = await openLesson();
  await first.session.input("lesson guess 2");
  await first.session.runUntil(second(11));
  await first.session.input("nats consumer edit ORDERS W --wait 2s --force");
  await first.session.runUntil(second(12));
  await first.session.input("fault drop ack");
  await first.session.input("lesson hint");
  await first.session.runUntil(second(13));
  const text = first.session.journalText("here");
  const again = await open(parseScenario(text), true);
  await again.session.seek(second(13));
  expect(ticks(again)).toEqual(ticks(first));
  expect(again.guide.strokes).toBe(first.guide.strokes);
  expect(again.session.hash()).toBe(first.session.hash());
  await Promise.all([first.session.dispose(), again.session.dispose()]);
});

test("following a lesson changes nothing in the world", async () => {
  const followed = await openLesson();
  const lesson = findLesson("lost-ack");
  const alone = await Session.open(
    { ...(lesson as NonNullable<typeof lesson>).start },
    {
      programs,
      realm,
    },
  );
  await followed.session.runUntil(second(12));
  await alone.runUntil(second(12));
  expect(followed.session.hash()).toBe(alone.hash());
  await Promise.all([followed.session.dispose(), alone.dispose()]);
});

test("a change after which nothing happens is seen all the same", async () => {
  const followed = await openLesson();
  const { session } = followed;
  await session.input("lesson guess 2");
  await session.runUntil(second(11));
  await session.input("nats consumer edit ORDERS W --wait 2s --force");
  // The next thing to happen is a pull that expires, seconds later.
  await session.runUntil(second(11.3));
  expect(ticks(followed)).toHaveLength(5);
  await session.dispose();
});

test("the command asks, takes one guess, and gives one hint after the other", async () => {
  const followed = await openLesson();
  const { session } = followed;
  const say = async (line: string) => execLine(session, line, { tty: "t1" });
  expect((await say("lesson status")).stdout).toContain("  2  Twice\n");
  expect((await say("lesson guess 7")).stderr).toContain("answer 1 to 3");
  expect((await say("lesson guess 2")).exit).toBe(0);
  expect((await say("lesson guess 1")).stderr).toBe("lesson: option 2 is your guess already\n");
  await session.runUntil(second(11));
  expect((await say("lesson hint")).stdout).toBe("look   consumer ORDERS/W\n");
  expect((await say("lesson hint")).stdout).toContain("AckWait belongs to the consumer");
  expect((await say("lesson hint")).stdout).toContain(
    "type   nats consumer edit ORDERS W --wait 2s --force\n",
  );
  expect((await say("lesson status | grep 'Drop the next ack'")).stdout).toBe(
    "○ Drop the next ack\n",
  );
  expect((await say("lesson start nowhere")).stderr).toContain("no lesson nowhere");
  expect((await say("lesson list")).stdout).toContain("* 3.3  lost-ack");
  expect((await say("lesson --help")).stdout).toContain("lesson guess OPTION");
  await session.dispose();
});

test.each([
  ["fault drop ack", true],
  ["nats consumer edit ORDERS W --wait 2s --force", true],
  ["nats pub -J orders.new hello", true],
  ["nats --context x stream add A", true],
  ["for n in 1 2; do nats kv put cfg k $n; done", true],
  ["for s in A B; do nats stream info $s; done", false],
  ["nats consumer info ORDERS W", false],
  ["nats stream ls", false],
  ["lesson hint", false],
  ["sim time", false],
  ["fault --help", false],
  ["echo hello", false],
])("%s counts as a stroke: %s", (line, counts) => {
  expect(changesSomething(line)).toBe(counts);
});
