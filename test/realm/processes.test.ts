/** Processes live as under POSIX: pipes with room, files, signals, children, terminals. */
import { expect, test } from "vitest";
import type { ProcessContext, Program } from "../../src/clients/index.ts";
import { submitEnd, submitLine, submitSignal } from "../../src/world/index.ts";
import { type Bench, command, createBench, run, runProgram, start } from "./driver.ts";

const second = 1_000_000_000;

/** A bench whose `sh` runs `main`, which may start the other programs by name. */
function benchOf(main: Program, others: Readonly<Record<string, Program>> = {}): Bench {
  return createBench(main, { world: "preset none", programs: others });
}

const yes: Program = async (ctx) => {
  for (;;) await ctx.write("y\n".repeat(500));
};

const head: Program = async (ctx) => {
  for await (const line of ctx.stdin.lines()) {
    await ctx.write(`${line}\n`);
    return 0;
  }
  return 1;
};

/** Runs `yes | head`, and answers the exit codes of both. */
async function pipeline(ctx: ProcessContext): Promise<number[]> {
  const pipe = await ctx.pipe();
  if (pipe.kind !== "pipe") throw new Error("no pipe");
  const writer = await ctx.spawn({ program: "yes", stdout: pipe });
  const reader = await ctx.spawn({ program: "head", stdin: pipe });
  await ctx.request({ what: "close-pipe", pipe: pipe.pipe, end: "write" });
  await ctx.request({ what: "close-pipe", pipe: pipe.pipe, end: "read" });
  return [await writer.wait(), await reader.wait()];
}

test("an endless writer waits for its reader, and dies of SIGPIPE when that has gone", async () => {
  const bench = benchOf(
    async (ctx) => {
      await ctx.write(`${await pipeline(ctx)}`);
      return 0;
    },
    { yes, head },
  );
  expect(await runProgram(bench)).toBe(0);
  // 141 is 128 + SIGPIPE, or 1 when the write failed first; bash shows 141.
  expect(bench.written.join("")).toBe("y\n141,0");
  expect(bench.world.pipes.size).toBe(0);
});

test("files are written, appended to, listed and missing", async () => {
  const bench = benchOf(async (ctx) => {
    await ctx.makeFolder("data/in");
    await ctx.writeFile("data/in/a", "one\n");
    await ctx.writeFile("data/in/a", "two\n", { append: true });
    const list = await ctx.listFiles("data/in");
    const text = new TextDecoder().decode(await ctx.readFile("/home/learner/data/in/a"));
    const missing = await ctx.readFile("b").catch((error: Error) => error.message);
    const noFolder = await ctx.writeFile("x/y", "").catch((error: Error) => error.message);
    await ctx.removeFile("data");
    const gone = await ctx.stat("data/in/a");
    await ctx.write(`${list.map((one) => `${one.path}:${one.size}`)}|${text}|${gone}\n`);
    await ctx.write(`${missing}\n${noFolder}\n`);
    return 0;
  });
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toBe(
    "/home/learner/data/in/a:8|one\ntwo\n|null\n" +
      "/home/learner/b: No such file or directory\n" +
      "/home/learner/x/y: No such file or directory\n",
  );
});

test("Ctrl-C ends what does not handle it with 130, and wakes what does", async () => {
  const bench = benchOf(async (ctx) => {
    const [, , line] = ctx.argv;
    if (line === "careful") ctx.onSignal("INT", () => void ctx.write("caught\n"));
    await ctx.sleep(10_000);
    return 7;
  });
  start(bench, "careless");
  await run(bench, second);
  submitSignal(bench.world, bench.doors, "t1", "INT");
  await run(bench, 2 * second);
  start(bench, "careful");
  await run(bench, 3 * second);
  submitSignal(bench.world, bench.doors, "t1", "INT");
  await run(bench, 20 * second);
  const commands = bench.world.terminals.get("t1")?.commands ?? [];
  expect(commands.slice(-2).map(({ line, exit }) => [line, exit])).toEqual([
    ["careless", 130],
    ["careful", 7],
  ]);
  expect(bench.written.join("")).toBe("caught\n");
});

test("what is typed while a program runs is its input, up to Ctrl-D", async () => {
  const bench = benchOf(async (ctx) => {
    let count = 0;
    for await (const line of ctx.stdin.lines()) await ctx.write(`${++count}:${line} `);
    return count;
  });
  start(bench, "read");
  submitLine(bench.world, bench.doors, "t1", "one");
  await run(bench, second);
  submitLine(bench.world, bench.doors, "t1", "two");
  submitEnd(bench.world, "t1");
  await run(bench, 2 * second);
  expect(bench.written.join("")).toBe("1:one 2:two ");
  expect(bench.world.terminals.get("t1")?.commands.at(-1)).toMatchObject({ line: "read", exit: 2 });
});

test("a world line acts at once, also while a program holds the terminal", async () => {
  const bench = benchOf(async (ctx) => {
    await ctx.sleep(5_000);
    const result = await ctx.world("sim time");
    await ctx.write(result.stdout);
    return 0;
  });
  start(bench, "wait");
  await run(bench, second);
  submitLine(bench.world, bench.doors, "t1", "world add n1");
  expect(bench.world.hosts.get("n1")?.up).toBe(true);
  await run(bench, 9 * second);
  expect(bench.written.join("")).toBe("2026-01-01T00:00:05Z (5s since the start)\n");
});

test("children that share an input take up where the last one stopped", async () => {
  const readOne: Program = async (ctx) => {
    const bytes = await ctx.request({ what: "read", pipe: null, line: true });
    await ctx.write(`[${bytes instanceof Uint8Array ? new TextDecoder().decode(bytes) : bytes}]`);
    return 0;
  };
  const bench = benchOf(
    async (ctx) => {
      if (ctx.argv[0] !== "group") {
        const group = await ctx.spawn({ program: "sh", argv: ["group"], stdin: "a\nb\n" });
        return group.wait();
      }
      for (let i = 0; i < 3; i++) await (await ctx.spawn({ program: "readOne" })).wait();
      return 0;
    },
    { readOne },
  );
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toBe("[a\n][b\n][null]");
});

test("monitoring answers where it listens, and nowhere else", async () => {
  const bench = createBench(async (ctx) => {
    const varz = await ctx.http("n1", 8222, "/varz");
    const refused = await ctx.http("n1", 9999, "/varz").catch((error: Error) => error.message);
    const unknown = await ctx.http("n7", 8222, "/").catch((error: Error) => error.message);
    await ctx.write(
      `${varz.status} ${JSON.parse(varz.body).server_name}\n${refused}\n${unknown}\n`,
    );
    return 0;
  });
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toBe(
    "200 n1\nconnect ECONNREFUSED n1:9999\nCould not resolve host: n7\n",
  );
});

test("a program that throws says so and exits 1; its timers die with it", async () => {
  const bench = benchOf(async (ctx) => {
    void ctx.sleep(1_000).then(() => ctx.write("too late"));
    throw new Error("lost its way");
  });
  expect(await runProgram(bench)).toBe(1);
  await run(bench, 5 * second);
  expect(bench.written.join("")).toBe("sh: lost its way\n");
  expect(bench.world.processes.size).toBe(0);
});

test("an unknown program is not found", async () => {
  const bench = benchOf(async (ctx) => {
    const error = await ctx.spawn({ program: "nope" }).catch((caught: Error) => caught.message);
    await ctx.write(String(error));
    return 0;
  });
  await runProgram(bench);
  expect(bench.written.join("")).toBe("nope: command not found");
});

test("a clock that is off is off for the processes of its host only", async () => {
  const bench = benchOf(async (ctx) => {
    await ctx.write(`${new Date().toISOString()} ${ctx.nowMs() - Date.now()}`);
    return 0;
  });
  const desk = bench.world.hosts.get("desk");
  if (desk !== undefined) desk.clockOffset = (3_600 * second) as typeof desk.clockOffset;
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toBe("2026-01-01T01:00:00.000Z 0");
  expect(command(bench, "sim time")).toMatch(/^2026-01-01T00:00:00/);
});
