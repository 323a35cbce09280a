/** Every lesson of the library, played headless: its solution reaches the goal, no less does. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { minus, plus, seconds, type VirtualNanos, virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { execLine, loadPredicates, Session } from "../scenario/index.ts";
import { loadPrograms, programs } from "../shell/index.ts";
import { checkPredicate } from "../world/index.ts";
import { LessonGuide } from "./guide.ts";
import { type Lesson, predicatesOf } from "./lesson.ts";
import { findLesson, folderOf, lessonEntries, loadLesson } from "./library.ts";
import { isFinished, type Progress } from "./progress.ts";

const realm = installRealm({ strict: false });
const content = fileURLToPath(new URL("./content/", import.meta.url));
const folders = readdirSync(content).toSorted();
await Promise.all(lessonEntries.map(({ id }) => loadLesson(id)));
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

beforeAll(async () => {
  await loadPrograms();
  await loadPredicates();
});

interface Played {
  readonly progress: Progress;
  readonly strokes: number;
}

/** Plays a lesson's start and then these lines, some seconds beyond the last of them. */
async function play(lesson: Lesson, text: string, seed = 7): Promise<Played> {
  const more = parseScenario(text).entries;
  const entries = [...lesson.start.entries, ...more].toSorted((a, b) => a.at - b.at);
  const lessons = new LessonGuide();
  const ground = { programs, realm, lessons };
  const session = await Session.open({ ...lesson.start, entries }, ground, { seed });
  const end = virtualNanos(Math.max(lesson.opens, entries.at(-1)?.at ?? 0));
  await session.runUntil(plus(end, seconds(15)));
  const progress = lessons.tracker?.progress();
  if (progress === undefined) throw new Error("no lesson is followed");
  const { strokes } = lessons;
  await session.dispose();
  return { progress, strokes };
}

function lessonOf(folder: string): Lesson {
  const id = folder.replace(/^\d+-/, "");
  const lesson = findLesson(id);
  if (lesson === null) throw new Error(`the library lacks ${folder}`);
  return lesson;
}

const read = (folder: string, file: string): string =>
  readFileSync(`${content}/${folder}/${file}`, "utf8");

test("every folder is in the library, in the order of the folders", () => {
  expect(lessonEntries.map(folderOf)).toEqual(folders);
});

test("the list says of each lesson what the lesson says", () => {
  const said = lessonEntries.map(({ id }) => {
    const { number, title, objective, minutes } = findLesson(id) as Lesson;
    return { id, number, title, objective, minutes };
  });
  expect(said).toEqual(lessonEntries);
});

describe.each(folders)("%s", (folder) => {
  const lesson = lessonOf(folder);

  test("every predicate compiles", () => {
    for (const beat of lesson.beats) {
      for (const { when } of predicatesOf(beat)) checkPredicate(when);
    }
  });

  test("its prose is short", () => {
    const words = lesson.beats.flatMap((beat) => [
      ...beat.text,
      ...beat.after,
      ...("tasks" in beat ? beat.tasks.map((task) => task.text) : []),
    ]);
    expect(words.join(" ").split(/\s+/).length).toBeLessThan(400);
  });

  test.each(seeds)("the solution takes every step (seed %i)", async (seed) => {
    const { progress, strokes } = await play(lesson, read(folder, "solution.wt"), seed);
    expect(isFinished(progress)).toBe(true);
    expect(lesson.beats[progress.beat]?.kind).toBe("card");
    if (lesson.par !== null) expect(strokes).toBe(lesson.par);
  });

  test("each step of the solution ticks after its line, in the order of the lesson", async () => {
    const { progress } = await play(lesson, read(folder, "solution.wt"));
    const moments: VirtualNanos[] = [];
    for (const beat of lesson.beats) {
      if (!("tasks" in beat)) continue;
      for (const task of beat.tasks) {
        const latch = progress.held(task.key);
        expect(latch, task.text).not.toBeNull();
        if (latch !== null) moments.push(latch.at);
      }
    }
    expect(moments).toEqual(moments.toSorted((a, b) => minus(a, b)));
  });

  test("its hints alone lead through it, each line as it is typed", async () => {
    const lessons = new LessonGuide();
    const session = await Session.open(lesson.start, { programs, realm, lessons });
    await session.runUntil(lesson.opens);
    const on = () => lesson.beats[lessons.tracker?.progress().beat ?? 0];
    const type = async (line: string) => {
      return await execLine(session, line, { tty: "t1" });
    };
    for (let turn = 0; on()?.kind !== "card"; turn += 1) {
      const beat = on();
      expect(turn, `stuck at ${beat?.kind}`).toBeLessThan(40);
      if (beat?.kind === "predict") await type(`lesson guess ${beat.answer}`);
      else if (beat?.kind === "read") await type("lesson next");
      const progress = lessons.tracker?.progress() as Progress;
      const tasks = beat !== undefined && "tasks" in beat ? beat.tasks : [];
      const task = tasks.find(({ key }) => progress.held(key) === null);
      const lines = (task?.hints ?? []).flatMap((hint) =>
        hint.kind === "type" ? [hint.line] : [],
      );
      const failed: string[] = [];
      for (const line of lines) {
        const { exit, stderr } = await type(line);
        if (exit !== 0) failed.push(`${line}: ${stderr}`);
      }
      // What was typed comes to something; a line that fails is what was asked for.
      await session.runUntil(plus(session.now, seconds(4)));
      if (task !== undefined && lessons.tracker?.progress().held(task.key) !== null) continue;
      expect(failed).toEqual([]);
    }
    await session.dispose();
  });

  test("what its card says can be typed", async () => {
    const session = await Session.open(lesson.start, { programs, realm });
    for (const beat of lesson.beats) {
      for (const line of beat.kind === "card" ? beat.commands : []) {
        const words = line.split(" -", 1)[0]?.split(" ").slice(0, 3).join(" ");
        const { exit, stdout } = await execLine(session, `${words} --help`);
        expect(exit, words).toBe(0);
        for (const [flag] of line.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(flag);
      }
    }
    await session.dispose();
  });

  test("its start alone does not reach the goal", async () => {
    const { progress } = await play(lesson, "windtunnel 1\n");
    expect(isFinished(progress)).toBe(false);
  });

  const wrong = readdirSync(`${content}/${folder}`).filter((file) => file.startsWith("wrong-"));
  test("it comes with wrong ways", () => {
    expect(wrong.length).toBeGreaterThan(1);
  });

  test.each(wrong)("%s does not reach the goal", async (file) => {
    const { progress } = await play(lesson, read(folder, file));
    expect(isFinished(progress)).toBe(false);
  });
});
