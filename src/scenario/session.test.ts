import { expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { AssertionError, type JournalEntry, virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { programs } from "../shell/index.ts";
import { execLine, runScenario, Session, type SessionGround, SetupError } from "./index.ts";
import { Operations } from "./operations.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };
const second = (s: number) => virtualNanos(s * 1e9);

function open(text: string, future: "script" | "recorded" = "script"): Promise<Session> {
  return Session.open(parseScenario(text), ground, { future });
}

const script = `windtunnel 1
title   A script
seed    4
world   server
1s      echo one
2s      echo two
3s      echo three
`;

const typed = (session: Session): string[] =>
  session.journal().map(({ at, text }) => `${at / 1e9} ${text}`);

test("a scenario stands at 0s with a settled world, and its lines come when they are due", async () => {
  const session = await open(script);
  expect([session.now, session.applied, session.live]).toEqual([0, 0, true]);
  expect(session.world.hosts.get("n1")?.up).toBe(true);
  await session.runUntil(second(2));
  expect(session.applied).toBe(2);
  await session.runUntil(second(4));
  const lines = session.world.terminals.get("t1")?.commands.map((c) => [c.line, c.stdout, c.exit]);
  expect(lines).toEqual([
    ["echo one", "one\n", 0],
    ["echo two", "two\n", 0],
    ["echo three", "three\n", 0],
  ]);
  await session.dispose();
});

test("acting before a script's lines keeps them, acting before a recording's drops them", async () => {
  const lesson = await open(script);
  await lesson.runUntil(second(1.5));
  await lesson.input("echo mine", "t2");
  expect(typed(lesson)).toEqual(["1 echo one", "1.5 echo mine", "2 echo two", "3 echo three"]);
  expect(lesson.branches).toHaveLength(1);

  const link = await open(script, "recorded");
  await link.runUntil(second(1.5));
  await link.input("echo mine", "t2");
  expect(typed(link)).toEqual(["1 echo one", "1.5 echo mine"]);
  expect(link.branches.map((branch) => branch.name)).toEqual(["main", "branch 2"]);
  await link.switchBranch(0);
  await link.runUntil(second(4));
  expect(typed(link)).toEqual(["1 echo one", "2 echo two", "3 echo three"]);
  await Promise.all([lesson.dispose(), link.dispose()]);
});

test("listeners hear inputs and output as it is made, and nothing while seeking", async () => {
  const session = await open(script);
  const heard: string[] = [];
  const leave = session.listen({
    output: (tty, stream, bytes) =>
      void heard.push(`${tty} ${stream} ${new TextDecoder().decode(bytes)}`),
    ended: (tty, command, exit) => void heard.push(`${tty} #${command} exit ${exit}`),
    input: (entry: JournalEntry) => void heard.push(`typed ${entry.text}`),
    restored: () => void heard.push("restored"),
  });
  await session.runUntil(second(1.5));
  await session.input("echo oops >&2", "t2");
  await session.runUntil(second(1.9));
  expect(heard.splice(0)).toEqual([
    "t1 1 one\n",
    "t1 #0 exit 0",
    "typed echo oops >&2",
    "t2 2 oops\n",
    "t2 #0 exit 0",
  ]);
  await session.seek(second(1.2));
  expect(heard.splice(0)).toEqual(["restored"]);
  leave();
  await session.runUntil(second(3));
  expect(heard).toEqual([]);
  await session.dispose();
});

test("an input while time runs is taken between two events", async () => {
  const session = await open(script);
  const run = session.runUntil(second(3600));
  const { entry } = await session.input("sim now");
  expect(entry.at).toBeLessThan(second(3600));
  await run;
  expect(session.now).toBe(second(3600));
  await session.dispose();
});

test("a seek ends the run that is under way", async () => {
  const session = await open(script);
  const run = session.runUntil(second(100_000));
  await session.seek(second(1));
  expect(await run).toBe("interrupted");
  expect(session.now).toBe(second(1));
  await session.dispose();
});

test("a line is run to its end with its output", async () => {
  const session = await Session.create({ ...ground, seed: 1, worldLine: "server" });
  expect(await execLine(session, "echo hi; exit 3")).toEqual({
    exit: 3,
    stdout: "hi\n",
    stderr: "",
  });
  expect(await execLine(session, "sleep 10", { until: second(1) })).toMatchObject({ exit: null });
  await session.dispose();
});

test("files of the header lie in the terminal's home", async () => {
  const session = await open("windtunnel 1\nworld server\nfile in/a.txt <<E\nhello\nE\n");
  expect((await execLine(session, "cat in/a.txt")).stdout).toBe("hello\n");
  await session.dispose();
});

test("a world line that the world refuses is the file's mistake", async () => {
  await expect(open("windtunnel 1\nworld nonsense\n")).rejects.toBeInstanceOf(SetupError);
});

test("a run reports failures by line, and refused lines as failures", async () => {
  const text = `windtunnel 1
world   server
1s      expect 'now > 5000000000'
1s      fault nonsense
2s      expect --within 3s 'now < 1'
`;
  const report = await runScenario(text, { ...ground, file: "x.wt", seed: 5 });
  expect(report.ok).toBe(false);
  expect(report.failures.map(({ at, line }) => [at / 1e9, line])).toEqual([
    [1, 3],
    [1, 4],
    [5, 5],
  ]);
  expect(report.failures[0]).toMatchObject({ text: "expect 'now > 5000000000'", value: "false" });
  expect([report.file, report.seed, report.virtual_ns]).toEqual(["x.wt", 5, 5e9]);
  expect(report.timeline.filter((mark) => mark.kind === "expect")).toHaveLength(2);
  expect(Object.keys(report)).toEqual([
    ...["file", "seed", "ok", "virtual_ns", "events", "wall_ms", "state_hash"],
    ...["failures", "ledger", "timeline"],
  ]);
});

test("the first bug ends all operations", async () => {
  const operations = new Operations();
  const bug = new AssertionError("a bug");
  await expect(operations.run(() => Promise.reject(bug))).rejects.toBe(bug);
  await expect(operations.run(async () => 1)).rejects.toBe(bug);
  expect(operations.fault).toBe(bug);
});
