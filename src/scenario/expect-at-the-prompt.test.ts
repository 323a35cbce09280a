/** `expect` with a deadline, typed at a terminal: our model, as docs/scenario-file.md has it. */
import { expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { programs } from "../shell/index.ts";
import { isBusy } from "../world/index.ts";
import { execLine, runScenario, Session, type SessionGround } from "./index.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };
const second = (s: number) => virtualNanos(s * 1e9);

async function open(lines = ""): Promise<Session> {
  return Session.open(parseScenario(`windtunnel 1\nseed 2\nworld server\n${lines}`), ground);
}

function commandOf(session: Session, line: string, tty = "t1") {
  const all = session.world.terminals.get(tty)?.commands ?? [];
  return all.find((one) => one.line === line);
}

function busy(session: Session, tty = "t1"): boolean {
  const terminal = session.world.terminals.get(tty);
  return terminal !== undefined && isBusy(terminal);
}

test("it waits in virtual time, and its exit status is the verdict", async () => {
  const session = await open();
  const holds = "expect --within 5s 'now >= 2000000000'";
  const fails = "expect --within 5s 'now < 0'";
  await session.input(holds, "t1");
  await session.input(fails, "t2");
  expect([busy(session), busy(session, "t2")]).toEqual([true, true]);
  await session.runUntil(second(1.9));
  expect(commandOf(session, holds)?.exit).toBeNull();
  await session.runUntil(second(2.1));
  expect([busy(session), commandOf(session, holds)?.exit]).toEqual([false, 0]);
  await session.runUntil(second(4.9));
  expect(commandOf(session, fails, "t2")?.exit).toBeNull();
  await session.runUntil(second(5));
  expect(commandOf(session, fails, "t2")).toMatchObject({
    exit: 1,
    stderr: "expect: failed: now < 0 is false\n",
  });
  expect(session.world.failures).toHaveLength(1);
  await session.dispose();
});

test("--always ends with the first moment that breaks it", async () => {
  const session = await open();
  const result = await execLine(session, "expect --always 9s 'now < 3000000000'");
  expect(result).toMatchObject({ exit: 1 });
  expect(result.stderr).toBe("expect: failed: now < 3000000000 is false\n");
  expect(session.now).toBe(second(3));
  expect(await execLine(session, "expect --always 2s 'now >= 0'")).toMatchObject({ exit: 0 });
  expect(session.now).toBe(second(5));
  await session.dispose();
});

test("Ctrl-C ends the waiting and takes the expectation back", async () => {
  const session = await open();
  await session.input("expect --within 5s 'now < 0'");
  await session.runUntil(second(1));
  await session.signal("t1", "INT");
  expect(busy(session)).toBe(false);
  expect(session.world.terminals.get("t1")?.lastExit).toBe(130);
  await session.runUntil(second(9));
  expect(session.world.failures).toEqual([]);
  // With nothing to wait for, it does nothing.
  await session.signal("t1", "INT");
  expect(session.world.terminals.get("t1")?.commands).toHaveLength(1);
  await session.dispose();
});

test("what is typed meanwhile runs, and a later failure is shown where it was typed", async () => {
  const session = await open();
  const shown: string[] = [];
  session.listen({
    output: (tty, _stream, bytes) => void shown.push(`${tty}: ${new TextDecoder().decode(bytes)}`),
    ended: (tty, command, exit) => void shown.push(`${tty} #${command} exit ${exit}`),
  });
  await session.input("expect --within 3s 'now < 0'");
  await session.input("echo one; sleep 5; echo $?");
  await session.runUntil(second(9));
  expect(shown).toEqual([
    "t1: one\n",
    "t1: expect: failed: now < 0 is false\n",
    "t1 #0 exit 1",
    "t1: 0\n",
    "t1 #1 exit 0",
  ]);
  // `$?` is that of the line typed last.
  expect((await execLine(session, "echo $?", { tty: "t1" })).stdout).toBe("0\n");
  await session.dispose();
});

test("in a line of the shell it is a command that takes its time", async () => {
  const session = await open();
  const line = "expect --within 2s 'now < 0' || echo late; expect --within 9s 'now > 4000000000'";
  expect(await execLine(session, `${line} && date +%S`)).toEqual({
    exit: 0,
    stdout: "late\n04\n",
    stderr: "expect: failed: now < 0 is false\n",
  });
  // It counts for the run all the same, under the line that was typed.
  expect(session.world.failures).toMatchObject([{ at: second(2), line: `${line} && date +%S` }]);
  await session.dispose();
});

test("a process that is ended takes its expectation with it", async () => {
  const session = await open();
  await session.input("expect --within 5s 'now < 0' && echo yes");
  await session.runUntil(second(1));
  await session.signal("t1", "INT");
  await session.runUntil(second(9));
  expect(session.world.failures).toEqual([]);
  expect(session.world.terminals.get("t1")?.commands[0]?.exit).toBe(130);
  await session.dispose();
});

test("lines of a scenario are not held up, and a run counts each failure once", async () => {
  const report = await runScenario(
    `windtunnel 1
seed    2
world   server
1s      expect --within 3s 'streams.A.state.messages == 2'
1s      expect --within 2s 'now < 0'
2s      nats stream add A --subjects a --defaults
3s      nats pub a x --count 2
3s      expect --always 4s 'hosts.n1.up' && echo up
4s      signal INT
`,
    { ...ground, file: "x.wt" },
  );
  expect(report.failures.map(({ at, line, value }) => [at / 1e9, line, value])).toEqual([
    [3, 5, "false"],
  ]);
  expect(report.virtual_ns).toBe(4e9);
});

test("the past shows a waiting line as it was, and branches decide it for themselves", async () => {
  const session = await open();
  const line = "expect --within 4s 'streams.A.state.messages == 1'";
  await session.input(line);
  await session.runUntil(second(6));
  expect(commandOf(session, line)?.exit).toBe(1);
  await session.seek(second(2));
  expect(commandOf(session, line)?.exit).toBeNull();
  await session.input("nats stream add A --subjects a --defaults", "t2");
  await session.runUntil(second(3));
  await session.input("nats pub a x", "t2");
  await session.runUntil(second(6));
  expect(commandOf(session, line)?.exit).toBe(0);
  expect(session.world.failures).toEqual([]);
  await session.dispose();
});
