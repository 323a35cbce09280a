/** `sh --jsonl`: each kind of step, and how much virtual time it takes. */
import { describe, expect, test } from "vitest";
import { headlessGround } from "./ground.ts";
import { playSteps } from "./jsonl.ts";
import type { StepResult } from "./steps.ts";

const session = { type: "session", profile: "plain", env: { GREETING: "hello", HOME: "<fresh>" } };

async function play(...steps: readonly object[]): Promise<StepResult[]> {
  const lines = [session, ...steps].map((step) => JSON.stringify(step));
  const results: StepResult[] = [];
  for await (const result of playSteps(lines, { ground: headlessGround() })) results.push(result);
  return results;
}

/** Virtual seconds since the beginning, as a step of its own. */
const clock = { type: "run", cmd: "date +%s.%3N" };

function seconds(result: StepResult | undefined): number {
  return Number((Number(result?.stdout) - 1_767_225_600).toFixed(3));
}

describe("run", () => {
  test("gives exit status and both streams apart, in the session's folder and environment", async () => {
    const [result] = await play({
      type: "run",
      n: 1,
      cmd: "pwd; echo $GREETING $HOME; echo e >&2; exit 3",
    });
    expect(result).toEqual({
      n: 1,
      type: "run",
      cmd: "pwd; echo $GREETING $HOME; echo e >&2; exit 3",
      exit: 3,
      stdout: "/demo\nhello /home/learner\n",
      stderr: "e\n",
    });
  });

  test("takes its own time and 20 ms", async () => {
    const results = await play(clock, { type: "run", cmd: "sleep 1" }, clock);
    expect(seconds(results[0])).toBe(0);
    expect(seconds(results[2])).toBe(1.04);
  });

  test("has input, and variables of its own for this step only", async () => {
    const [first, second] = await play(
      { type: "run", cmd: "cat; echo $V", stdin: "no 'newline'", env: { V: "v" } },
      { type: "run", cmd: "echo [$V]; cat" },
    );
    expect(first?.stdout).toBe("no 'newline'v\n");
    expect(second?.stdout).toBe("[]\n");
  });

  test("is stopped by Ctrl-C after 2 s, or after 10 s when it was to end by itself", async () => {
    const results = await play(
      { type: "run", cmd: "sleep 60", end: "SIGINT" },
      clock,
      { type: "run", cmd: "sleep 60", end: "timeout-SIGINT" },
      clock,
    );
    expect(results.map(({ exit }) => exit)).toEqual([130, 0, 130, 0]);
    expect([seconds(results[1]), seconds(results[3])]).toEqual([2.02, 12.06]);
  });
});

describe("start and finish", () => {
  test("a command runs while other steps do, and ends by itself", async () => {
    const results = await play(
      { type: "start", id: "s", cmd: "nats sub a --count 1", ready: "Subscribing" },
      { type: "run", cmd: "nats pub a hello" },
      { type: "finish", id: "s", end: "exit" },
    );
    expect(results[0]).toEqual({
      type: "start",
      id: "s",
      cmd: "nats sub a --count 1",
      exit: null,
      stdout: "",
      stderr: "",
    });
    expect(results[2]).toMatchObject({ type: "finish", id: "s", end: "exit", exit: 0 });
    expect(results[2]?.stdout).toBe('[#1] Received on "a"\nhello\n\n\n');
  });

  test("or is stopped; without `ready` its start takes 500 ms", async () => {
    const results = await play({ type: "start", id: "s", cmd: "yes > /dev/null" }, clock, {
      type: "finish",
      id: "s",
      end: "SIGINT",
    });
    expect(seconds(results[1])).toBe(0.5);
    expect(results[2]).toMatchObject({ end: "SIGINT", exit: 130 });
  });
});

test("write puts a file into the folder, read gives it back, pause waits", async () => {
  const results = await play(
    { type: "write", path: "a b.txt", content: "it's\n$x" },
    { type: "write", path: "big", repeat: { char: "x", count: 3 } },
    { type: "run", cmd: "cat 'a b.txt' big > both" },
    { type: "read", path: "both" },
    clock,
    { type: "pause", ms: 2500 },
    clock,
  );
  expect(results[3]).toEqual({
    type: "read",
    exit: null,
    stdout: "",
    stderr: "",
    content: "it's\n$xxxx",
  });
  expect(seconds(results[6]) - seconds(results[4])).toBeCloseTo(2.52, 3);
});

test("server kills and starts one, and waits", async () => {
  const results = await play(
    { type: "server", action: "kill", node: "n1", settle_ms: 100 },
    { type: "run", cmd: "nats pub a b -s nats://127.0.0.1:14222" },
    { type: "server", action: "start", node: "n1", settle_ms: 1000 },
    { type: "run", cmd: "nats pub a b" },
  );
  expect(results.map(({ exit }) => exit)).toEqual([0, 1, 0, 0]);
});

describe("on a terminal", () => {
  test("both streams are one, with the line ends of a terminal", async () => {
    const [result] = await play({ type: "run", tty: true, cmd: "echo out; echo err >&2; exit 1" });
    expect(result).toMatchObject({
      exit: 1,
      stdout: "out\r\nerr\r\n",
      stderr: "",
      screen: "out\nerr",
    });
  });

  test("a dialog answers each question when it is asked", async () => {
    const cmd = 'read -p "name? " n; read -p "age? " a; echo "$n is $a"';
    const dialog = [
      { expect: "name", send: "Ada\r" },
      { expect: "age", send: "36\r" },
    ];
    const [result] = await play({ type: "run", tty: true, cmd, dialog });
    expect(result?.dialog).toEqual([
      { expect: "name", send: "Ada\r", shown: "name? ", screen_tail: ["name?"] },
      { expect: "age", send: "36\r", shown: "Ada\r\nage? ", screen_tail: ["name? Ada", "age?"] },
    ]);
    expect(result?.screen).toBe("name? Ada\nage? 36\nAda is 36");
  });

  test("Ctrl-C and Ctrl-D are keys like others", async () => {
    const [first, second] = await play(
      { type: "run", tty: true, cmd: "cat", dialog: [{ expect: "", send: "a\r\u0004" }] },
      { type: "run", tty: true, cmd: "cat", dialog: [{ expect: "", send: "\u0003" }] },
    );
    expect(first).toMatchObject({ exit: 0, screen: "a\na" });
    expect(second).toMatchObject({ exit: 130, screen: "^C" });
  });
});

describe("a line that is no step ends the stream", () => {
  test.each([
    ["nonsense", "not JSON: nonsense"],
    ['{"type":"fly"}', 'no step of type "fly"'],
    ['{"type":"run"}', 'a run step needs "cmd"'],
    ['{"type":"finish","id":"x"}', "nothing was started as x"],
  ])("%s", async (line, message) => {
    const lines = [JSON.stringify(session), line];
    const all = async (): Promise<void> => {
      for await (const _result of playSteps(lines, { ground: headlessGround() }));
    };
    await expect(all()).rejects.toThrow(message);
  });
});
