// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts for a shell.
/** What Tab offers, place by place. */
import { beforeAll, describe, expect, test } from "vitest";
import { type CompletionState, complete } from "./complete.ts";
import { completionState } from "./complete-state.ts";
import { createDesk } from "./language/desk-for-tests.ts";
import { loadPrograms } from "./loaded-programs.ts";
import { programs } from "./programs.ts";

beforeAll(loadPrograms);

const state: CompletionState = {
  cwd: "/home/learner",
  home: "/home/learner",
  variables: ["HOME", "HOST", "x"],
  functions: ["deploy"],
  files: [
    { path: "/home/learner/orders.json", folder: false },
    { path: "/home/learner/out put.txt", folder: false },
    { path: "/home/learner/data", folder: true },
    { path: "/home/learner/data/a.txt", folder: false },
    { path: "/home/learner/.hidden", folder: false },
    { path: "/tmp", folder: true },
  ],
  hosts: ["n1", "n2"],
  actors: ["P"],
  streams: [
    { name: "ORDERS", subjects: ["orders.>"], consumers: ["order-processor"] },
    { name: "OTHER", subjects: ["other"], consumers: [] },
  ],
  buckets: ["CONFIG"],
  lessons: ["lost-ack", "first-flight"],
};

/** The line as it would be after each offer. */
function offers(line: string, cursor = line.length): string[] {
  return complete(line, cursor, state).map(({ start, text }) => line.slice(0, start) + text);
}

test("commands where a command may stand", () => {
  expect(offers("fau")).toEqual(["fault"]);
  expect(offers("dep")).toEqual(["deploy"]);
  expect(offers("true && ech")).toEqual(["true && echo"]);
  expect(offers("for i in 1 2; do sle")).toEqual(["for i in 1 2; do sleep"]);
  expect(offers("x=$(dat")).toEqual(["x=$(date"]);
  expect(offers("seq 3 | hea")).toEqual(["seq 3 | head"]);
  expect(offers("A=1 nat")).toEqual(["A=1 nats"]);
});

describe("the grammar of nats and the names of this world", () => {
  test.each([
    ["nats str", ["nats stream"]],
    ["nats stream inf", ["nats stream info"]],
    ["nats stream info O", ["nats stream info ORDERS", "nats stream info OTHER"]],
    ["nats consumer info ORDERS ", ["nats consumer info ORDERS order-processor"]],
    ["nats stream add --stor", ["nats stream add --storage"]],
    ["nats pub or", ["nats pub orders.\\>"]],
  ])("%s", (line, expected) => {
    expect(offers(line)).toEqual(expected);
  });
});

describe("the world's own commands", () => {
  test.each([
    ["fault kil", ["fault kill"]],
    ["less", ["lesson"]],
    ["lesson st", ["lesson start", "lesson status"]],
    ["lesson start l", ["lesson start lost-ack"]],
    [
      "fault kill n",
      [
        "fault kill n1",
        "fault kill n2",
        "fault kill not:leader:ORDERS",
        "fault kill not:leader:OTHER",
      ],
    ],
    ["fault kill leader:OR", ["fault kill leader:ORDERS"]],
    ["load worker W --str", ["load worker W --stream"]],
    ["load worker W --stream OT", ["load worker W --stream OTHER"]],
    ["load worker W --ack d", ["load worker W --ack double"]],
  ])("%s", (line, expected) => {
    expect(offers(line)).toEqual(expected);
  });
});

describe("files", () => {
  test.each([
    ["cat o", ["cat orders.json", "cat out\\ put.txt"]],
    ['cat "ou', ['cat "out put.txt"']],
    ["cat ./da", ["cat ./data/"]],
    ["cat data/", ["cat data/a.txt"]],
    ["cat ~/ord", ["cat ~/orders.json"]],
    ["echo x > or", ["echo x > orders.json"]],
    ["cat .h", ["cat .hidden"]],
    ["cd /t", ["cd /tmp/"]],
    ["nats stream add X --config or", ["nats stream add X --config orders.json"]],
  ])("%s", (line, expected) => {
    expect(offers(line)).toEqual(expected);
  });
});

test("variables", () => {
  expect(offers("echo $HO")).toEqual(["echo $HOME", "echo $HOST"]);
  expect(offers('echo "${HOM')).toEqual(['echo "${HOME}']);
  expect(offers("echo '$HO")).toEqual([]);
});

test("looks only at what stands before the cursor", () => {
  expect(offers("fau kill n1", 3)).toEqual(["fault"]);
});

test("never fails, whatever is typed", () => {
  for (const line of [
    "",
    "'",
    '"',
    "$(",
    "\\",
    "a |",
    "<<",
    "}",
    "((",
    "nats ",
    "fault --",
    "é$",
  ]) {
    expect(() => offers(line)).not.toThrow();
  }
});

test("names are those of the world as it is", async () => {
  const desk = createDesk(programs);
  await desk.run("world server");
  await desk.run("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await desk.run("nats consumer add ORDERS worker --pull --defaults");
  await desk.run("deploy() { true; }; target=n1; touch notes.txt");
  const now = completionState(desk.world, "t1");
  const labels = (line: string): string[] =>
    complete(line, line.length, now).map(({ label }) => label);
  expect(labels("nats consumer info ORDERS w")).toEqual(["worker"]);
  expect(labels("nats sub or")).toEqual(["orders.>"]);
  expect(labels("fault kill n")).toEqual(["n1", "not:leader:ORDERS"]);
  expect(labels("depl")).toEqual(["deploy"]);
  expect(labels("echo $tar")).toEqual(["$target"]);
  expect(labels("cat no")).toEqual(["notes.txt"]);
});
