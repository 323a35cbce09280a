/** The shell at a terminal: what streams, what waits, what Ctrl-C ends, what a line leaves. */
import { describe, expect, test } from "vitest";
import { worldHash } from "../../world/index.ts";
import { worldLine } from "../commands/world/programs.ts";
import { createPrograms } from "../programs.ts";
import { createDesk } from "./desk-for-tests.ts";

function desk(): ReturnType<typeof createDesk> {
  return createDesk(createPrograms());
}

describe("pipes stream", () => {
  test("an endless producer ends when its reader has enough", async () => {
    const run = await desk().run("yes | head -1; yes | grep -m2 y | wc -l");
    expect(run).toEqual({ exit: 0, stdout: "y\n2\n", stderr: "" });
  });

  test("a line passes on as soon as it is written", async () => {
    const line =
      "for i in 1 2 3; do echo $i; sleep 1; done | while read n; do echo $n at $(date +%S); done";
    expect((await desk().run(line)).stdout).toBe("1 at 00\n2 at 01\n3 at 02\n");
  });
});

describe("background jobs", () => {
  test("run beside the line and are waited for in virtual time", async () => {
    const here = desk();
    const run = await here.run("{ sleep 2; echo late; } & sleep 1; echo early; wait; date +%S");
    expect(run.stdout).toBe("early\nlate\n02\n");
  });

  test("outlive their line; jobs, wait and kill reach them from a later one", async () => {
    const here = desk();
    await here.run("sleep 100 & sleep 200 &", { tty: true });
    const listed = await here.run("jobs");
    expect(listed.stdout).toBe(
      "[1]-  Running                 sleep 100 &\n[2]+  Running                 sleep 200 &\n",
    );
    const killed = await here.run("kill %2; wait %2; echo $?; wait %1; echo $?; date +%s", {});
    expect(killed.stdout).toBe(`143\n0\n${1767225600 + 100}\n`);
  });

  test("are announced at a terminal when they have ended", async () => {
    const here = desk();
    const started = await here.run("sleep 1 &", { tty: true });
    expect(started.stderr).toMatch(/^\[1\] \d+\n$/);
    const after = await here.run("sleep 2", { tty: true });
    expect(after.stderr).toBe("[1]+  Done                    sleep 1\n");
  });
});

describe("Ctrl-C", () => {
  test("ends the command, the loop around it and the line: exit 130", async () => {
    const here = desk();
    const run = await here.run("while true; do echo x; sleep 1; done; echo never", {
      interruptAtMs: 2500,
    });
    expect(run).toEqual({ exit: 130, stdout: "x\nx\nx\n", stderr: "" });
    expect((await here.run("echo $?")).stdout).toBe("130\n");
  });

  test("ends a loop of builtins, which virtual time would wait for", async () => {
    const run = await desk().run("while :; do :; done", { interruptAtMs: 50 });
    expect(run.exit).toBe(130);
  });

  test("ends every stage of a pipeline, and a read that waits", async () => {
    const here = desk();
    expect((await here.run("sleep 9 | cat | cat", { interruptAtMs: 10 })).exit).toBe(130);
    expect((await here.run("sleep 9 | { read x; echo $x; }", { interruptAtMs: 10 })).exit).toBe(
      130,
    );
    expect((await here.run('x=$(sleep 9); echo "never"', { interruptAtMs: 10 })).stdout).toBe("");
  });

  test("does not reach the background", async () => {
    const here = desk();
    await here.run("{ sleep 5; echo done > f; } & sleep 9", { interruptAtMs: 10 });
    expect((await here.run("wait; cat f")).stdout).toBe("done\n");
  });
});

describe("what a line leaves behind", () => {
  test("folder, variables, functions, aliases and the last status", async () => {
    const here = desk();
    await here.run("mkdir d; cd d; x='a  b'; export E=1; f() { echo f:$1; }; alias ll='echo -n'");
    const run = await here.run('pwd; echo "$x" $E; f y; ll z; false');
    expect(run.stdout).toBe("/home/learner/d\na  b 1\nf:y\nz");
    expect((await here.run("echo $?; unset x; unset -f f; unset E")).stdout).toBe("1\n");
    const after = await here.run("echo [$x$E]; f");
    expect(after).toMatchObject({ stdout: "[]\n", exit: 127 });
  });

  test("but nothing that a subshell changed", async () => {
    const here = desk();
    await here.run("(x=1; cd /tmp); x=2 | true; echo y | read x");
    expect((await here.run("pwd; echo [$x]")).stdout).toBe("/home/learner\n[]\n");
  });
});

test("the same lines leave the same world behind, whoever ran before", async () => {
  const lines = [
    "mkdir d; cd d; seq 50 | grep 1 | tee f | wc -l; x=$(sort -rn f | head -1)",
    "for i in 1 2 3; do { sleep $i; echo $i >> g; } & done; wait; cat g; jobs",
    "sleep 5 & yes | head -100 > h; date +%N",
  ];
  const hashes: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const here = desk();
    for (const line of lines) await here.run(line);
    hashes.push(worldHash(here.world));
  }
  expect(hashes[1]).toBe(hashes[0]);
});

describe("a name that cannot be run", () => {
  test.each([
    ["ehco hi", "sh: ehco: no such command; did you mean 'echo'?\n"],
    ["grpe x", "sh: grpe: no such command; did you mean 'grep'?\n"],
    ["zzzzzz", "sh: zzzzzz: no such command\n"],
    ["vim x", "sh: vim: not simulated here; write files with 'cat > FILE' or a here-document\n"],
    ["docker ps", "sh: docker: not simulated here; the servers of this world are under 'world'\n"],
    ["./none", "sh: ./none: No such file or directory\n"],
    ["echo a ) b", "sh: line 1, column 8: unexpected ')'\n"],
    ["cat < none", "sh: none: No such file or directory\n"],
  ])("%s", async (line, stderr) => {
    const run = await desk().run(line);
    expect(run.stderr).toBe(stderr);
    expect(run.exit).toBeGreaterThan(0);
  });
});

describe("tools of this world", () => {
  test("world commands act at once, in a line with others", async () => {
    const here = desk();
    await here.run("sleep 3");
    const run = await here.run('x=seed; sim $x && sim time | cut -dT -f2; fault kill "no one"');
    expect(run.stdout).toBe("1\n00:00:03Z (3s since the start)\n");
    expect(run.stderr).toContain("no one");
    expect(run.exit).toBe(1);
  });

  test("their words arrive unchanged, whatever is in them", () => {
    const words = ["expect", "leader(\"A\") != ''", "a b", "", "$x", "it's"];
    expect(worldLine(words)).toBe(`expect 'leader("A") != '"'""'" 'a b' '' '$x' 'it'"'"'s'`);
  });

  test("sim wait takes virtual time", async () => {
    expect((await desk().run("sim wait 1m30s; date +%T")).stdout).toBe("00:01:30\n");
  });

  test("curl reads a monitoring port", async () => {
    const here = desk();
    await here.run("world server");
    const run = await here.run("curl -s n1:8222/varz | jq -r .server_name; curl -s nowhere:8222/");
    expect(run).toEqual({ exit: 6, stdout: "n1\n", stderr: "" });
  });

  test("watch repeats until Ctrl-C", async () => {
    const run = await desk().run("watch -n 2 -t date +%S", { interruptAtMs: 5000 });
    expect(run).toMatchObject({ exit: 130, stdout: "00\n02\n04\n" });
  });

  test("timeout ends what takes too long", async () => {
    const run = await desk().run("timeout 2 sleep 9; echo $? $(date +%S); timeout 9 true; echo $?");
    expect(run.stdout).toBe("124 02\n0\n");
  });

  test("help knows every builtin and tool", async () => {
    const all = await desk().run("help");
    for (const name of ["nats", "fault", "jq", "while", "cd"]) {
      if (name !== "while") expect(all.stdout).toContain(name);
    }
    expect((await desk().run("help wc")).stdout).toBe(
      "wc [-lwcm] [FILE...]\n    Counts lines, words and bytes\n",
    );
  });
});
