/** Tools that run other commands: `env which watch xargs timeout`. */
import {
  defineTool,
  flush,
  inputLines,
  print,
  readOptions,
  type Tool,
  ToolError,
  toCount,
} from "../tool.ts";

/** `env [-i] [NAME=VALUE...] [COMMAND...]`. */
export const env = defineTool("env", async (tool) => {
  const clean = tool.args[0] === "-i";
  const variables = new Map<string, string>(clean ? [] : tool.context.env);
  let at = clean ? 1 : 0;
  for (; /^[A-Za-z_][A-Za-z0-9_]*=/.test(tool.args[at] ?? ""); at += 1) {
    const text = tool.args[at] as string;
    variables.set(text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1));
  }
  const command = tool.args.slice(at);
  if (command.length > 0) return runCommand(tool, command, variables);
  for (const [name, value] of variables) await print(tool, `${name}=${value}\n`);
  return 0;
});

/** Tells where a program is; `known` are the programs that there are. */
export function whichProgram(known: () => ReadonlySet<string>): ReturnType<typeof defineTool> {
  return defineTool("which", async ({ context, args }) => {
    let status = 0;
    for (const name of args.filter((arg) => !arg.startsWith("-"))) {
      if (known().has(name)) await context.write(`/bin/${name}\n`);
      else status = 1;
    }
    return status;
  });
}

/** `watch [-n SECONDS] COMMAND...`: runs it again and again in virtual time, until Ctrl-C. */
export const watch = defineTool("watch", async (tool) => {
  const { interval, command, titled } = watchOptions(tool.args);
  for (;;) {
    if (tool.context.tty.out) await print(tool, "\u001b[H\u001b[2J");
    if (titled) await print(tool, `Every ${interval.toFixed(1)}s: ${command}\n\n`);
    await runCommand(tool, ["sh", "-c", command], tool.context.env);
    await tool.context.sleep(interval * 1000);
  }
});

interface WatchOptions {
  readonly interval: number;
  readonly command: string;
  readonly titled: boolean;
}

/** Options end at the first word that is none: the rest is the command, options and all. */
function watchOptions(args: readonly string[]): WatchOptions {
  let interval = 2;
  let titled = true;
  let at = 0;
  for (; args[at]?.startsWith("-"); at += 1) {
    const arg = args[at] as string;
    if (arg === "-t") titled = false;
    else if (arg.startsWith("-n")) {
      const text = arg.length > 2 ? arg.slice(2) : (args[at + 1] ?? "");
      if (arg.length === 2) at += 1;
      interval = Number(text);
      if (!(interval > 0)) throw new ToolError(`failed to parse argument: '${text}'`);
    } else throw new ToolError(`invalid option -- '${arg.slice(1)}'`);
  }
  const command = args.slice(at).join(" ");
  if (command === "") throw new ToolError("a command is missing");
  return { interval, command, titled };
}

/** `xargs [-n N] [-I TOKEN] [COMMAND...]`: makes arguments of its input. */
export const xargs = defineTool("xargs", async (tool) => {
  const options = leadingOptions(tool.args);
  const { values, given } = readOptions(options.leading, "0rt", "nIL");
  const command = options.rest.length === 0 ? ["echo"] : options.rest;
  const token = values.get("I");
  const batch = token === undefined ? toCount(values.get("n") ?? "5000", "number") : 1;
  const words: string[] = [];
  for await (const line of inputLines(tool, [])) {
    if (token !== undefined) words.push(line.trim());
    else words.push(...wordsOf(line));
  }
  let status = 0;
  if (words.length === 0 && !given.has("r") && token === undefined) words.push();
  for (let at = 0; at < words.length; at += batch) {
    const taken = words.slice(at, at + batch);
    const argv =
      token === undefined
        ? [...command, ...taken]
        : command.map((word) => word.replaceAll(token, taken[0] ?? ""));
    if ((await runCommand(tool, argv, tool.context.env, "")) !== 0) status = 123;
  }
  return status;
});

function wordsOf(line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, "$1$2$3"));
}

/** Splits a tool's own options from the command that follows them. */
function leadingOptions(args: readonly string[]): { leading: string[]; rest: string[] } {
  let at = 0;
  while (args[at]?.startsWith("-")) at += /^-[nIL]$/.test(args[at] as string) ? 2 : 1;
  return { leading: args.slice(0, at), rest: args.slice(at) };
}

/** `timeout SECONDS COMMAND...`: ends it with TERM when it takes longer; then 124. */
export const timeout = defineTool("timeout", async (tool) => {
  const [limit = "", ...command] = tool.args;
  const match = /^(\d*\.?\d+)(ms|[smh]?)$/.exec(limit);
  if (match === null) throw new ToolError(`invalid time interval '${limit}'`, 125);
  if (command.length === 0) throw new ToolError("a command is missing", 125);
  const unit = { "": 1000, s: 1000, ms: 1, m: 60_000, h: 3_600_000 }[match[2] as "s"];
  const child = await tool.context.spawn({ program: command[0] as string, argv: command });
  const late = tool.context.sleep(Number(match[1]) * unit).then(() => null);
  const status = await Promise.race([child.wait(), late]);
  if (status !== null) return status;
  await child.kill("TERM");
  await child.wait();
  return 124;
});

async function runCommand(
  tool: Tool,
  argv: readonly string[],
  variables: ReadonlyMap<string, string>,
  stdin?: string,
): Promise<number> {
  const program = argv[0] as string;
  await flush(tool);
  try {
    const child = await tool.context.spawn({
      program,
      argv,
      env: variables,
      ...(stdin === undefined ? {} : { stdin }),
    });
    return await child.wait();
  } catch (error) {
    throw new ToolError(
      `'${program}': ${error instanceof Error ? error.message : "cannot run"}`,
      127,
    );
  }
}
