import { expect, test } from "vitest";
import type { Application } from "./application.ts";
import { completeWords } from "./complete.ts";
import { defineCommand, defineGroup } from "./define.ts";
import { parseDuration } from "./durations.ts";
import { parseCommandLine } from "./parse.ts";
import { usageText } from "./usage.ts";

const send = defineCommand({
  path: "send",
  aliases: ["s"],
  help: "Send messages",
  run: async (_: null) => 0,
});

const publish = defineCommand({
  path: "publish",
  aliases: ["pub"],
  help: "Send messages to a subject",
  args: { subject: { help: "Where to", required: true }, body: { help: "What" } },
  flags: {
    count: { help: "How many", type: "int", default: "1" },
    header: { help: "A header", type: "strings", short: "H", placeholder: "K:V" },
    quiet: { help: "Say nothing", type: "switch", short: "q" },
    jetstream: { help: "Wait for the stream", type: "switch", short: "J" },
    templates: { help: "Fill in templates", type: "bool", default: "true" },
    sleep: { help: "Pause", type: "duration" },
    mode: { help: "How", type: "enum", values: ["eof", "newline"], default: "eof" },
    label: { help: "A label", type: "map" },
  },
  run: async (_: null) => 0,
});

const app: Application<null> = {
  name: "nats",
  help: "Messages at the command line",
  version: "1",
  flags: { timeout: { help: "How long", type: "duration", default: "5s", env: "NATS_TIMEOUT" } },
  commands: [publish, defineGroup({ path: "group", help: "A group", commands: [send] })],
};

const parse = (line: string, env: readonly (readonly [string, string])[] = []) =>
  parseCommandLine(app, line === "" ? [] : line.split(" "), new Map(env));

const faultOf = (line: string) => parse(line).fault?.message;

test("flags and arguments come in any order", () => {
  const { input, fault } = parse("pub --count 3 orders.new -H A:1 hello --header=B:2");
  expect(fault).toBeNull();
  expect(input.args).toEqual({ subject: "orders.new", body: "hello" });
  expect(input.flags).toMatchObject({ count: 3, header: ["A:1", "B:2"], timeout: 5e9 });
  expect([...input.given].sort()).toEqual(["body", "count", "header", "subject"]);
});

test("short flags stand together and take a value that touches them", () => {
  expect(parse("pub x -qJHA:1").input.flags).toMatchObject({
    quiet: true,
    jetstream: true,
    header: ["A:1"],
  });
});

test("only flags that can be negated are", () => {
  expect(parse("pub x --no-templates").input.flags.templates).toBe(false);
  expect(faultOf("pub x --no-quiet")).toBe("unknown long flag '--no-quiet'");
});

test("after a double dash everything is an argument", () => {
  expect(parse("pub x -- -2").input.args).toEqual({ subject: "x", body: "-2" });
});

// core.jsonl pub-sub step 55: `nats sub hello --dump -` prints as if nothing had been given.
test("a lone dash is an empty text", () => {
  expect(parse("pub x -").input.args.body).toBe("");
});

test("the environment supplies what is not given, and is held to the same form", () => {
  expect(parse("pub x", [["NATS_TIMEOUT", "2s"]]).input.flags.timeout).toBe(2e9);
  expect(parse("pub x", [["NATS_TIMEOUT", "soon"]]).fault?.message).toBe("invalid duration");
});

// transcripts/errors.jsonl: the texts of mistakes.
test.each([
  ["pub", "required argument 'subject' not provided"],
  ["pub a b c", "unexpected argument c"],
  ["pub a --count", "expected argument for flag '--count'"],
  ["pub a --count abc", 'strconv.ParseFloat: parsing "abc": invalid syntax'],
  ["pub a --sleep 5", "invalid duration"],
  ["pub a --sleep 5zz", "invalid duration: invalid unit zz"],
  ["pub a --nosuch", "unknown long flag '--nosuch'"],
  ["pub a -Z", "unknown short flag '-Z'"],
  ["pub a --mode x", "enum value must be one of eof,newline, got 'x'"],
  ["pub a --label x", "expected KEY=VALUE got 'x'"],
  ["pub a --count 1 --count 2", "flag 'count' cannot be repeated"],
  [
    "group",
    "a subcommand from the list below is required, use --help for full help including flags and arguments",
  ],
  [
    "nosuch",
    'expected command but got "nosuch", use --help for full help including flags and arguments',
  ],
])("%s: %s", (line, text) => {
  expect(faultOf(line)).toBe(text);
});

// fisk v0.8.1 ParseDuration: days, weeks, months and years besides Go's units.
test.each([
  ["0", 0],
  ["90s", 90e9],
  ["1h30m", 5400e9],
  ["1d", 86_400e9],
  ["1y", 365 * 86_400e9],
  ["0.5d", 43_200e9],
  ["-1s", -1e9],
  ["250us", 250e3],
])("the duration %s is %d nanoseconds", (text, nanos) => {
  expect(parseDuration(text)).toBe(nanos);
});

test("help is laid out as the real command line lays it out", () => {
  expect(usageText(app, [publish], { width: 60, asked: false })).toMatchInlineSnapshot(`
    "usage: nats publish [<flags>] <subject> [<body>]

    Send messages to a subject

    Args:
      <subject>  Where to
      [<body>]   What

    Flags:
          --count=1          How many
      -H, --header=K:V ...   A header
      -q, --quiet            Say nothing
      -J, --jetstream        Wait for the stream
          --[no-]templates   Fill in templates
          --sleep=SLEEP      Pause
          --mode=eof         How
          --label=LABEL ...  A label

    Command Aliases: pub

    Pass --help to see global flags applicable to this command.

    "
  `);
});

const completed = (line: string) => completeWords(app, line.split(" ")).map(({ text }) => text);

test("completion offers commands, then their flags and values", () => {
  expect(completed("p")).toEqual(["publish"]);
  expect(completed("group ")).toEqual(["send"]);
  expect(completed("pub x --he")).toEqual(["--help", "--header"]);
  expect(completed("pub x --mode ")).toEqual(["eof", "newline"]);
});
