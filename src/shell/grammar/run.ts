// Runs one command line of an application: parse, complain or help, else the command.

import type { ProcessContext } from "../../clients/index.ts";
import type { Application } from "./application.ts";
import type { Command } from "./define.ts";
import { CommandError, ExitError, UsageError } from "./errors.ts";
import { type Parsed, parseCommandLine } from "./parse.ts";
import { usageText } from "./usage.ts";

/** What a run needs beyond the grammar: the context of a command, made when one is chosen. */
export interface RunOptions<Ctx> {
  readonly open: (parsed: Parsed<Ctx>) => Ctx;
  readonly close: (ctx: Ctx) => Promise<void>;
  /** Lets signals end a run. */
  readonly guard?: (ctx: Ctx, run: Promise<number>) => Promise<number>;
  /** Makes a CommandError of what other libraries throw. */
  readonly translate?: (error: unknown) => unknown;
}

/** Exit code of the command line in `process.argv` (its first word is the program's name). */
export async function runApplication<Ctx>(
  app: Application<Ctx>,
  process: ProcessContext,
  options: RunOptions<Ctx>,
): Promise<number> {
  const parsed = parseCommandLine(app, process.argv.slice(1), process.env);
  const width = process.tty.out ? process.tty.cols : 80;
  const usage = (asked: boolean) => process.write(usageText(app, parsed.chain, { width, asked }));
  if (parsed.version) {
    await process.write(`${app.version}\n`);
    return 0;
  }
  if (parsed.fault instanceof UsageError && !parsed.help) {
    await process.writeError(`error: ${parsed.fault.message}\n\n`);
    await usage(false);
    return 1;
  }
  if (parsed.help || parsed.chain.length === 0) {
    await usage(parsed.help);
    return 0;
  }
  const command = parsed.chain.at(-1) as Command<Ctx>;
  return runCommand({ app, process, options, parsed, command });
}

interface Job<Ctx> {
  readonly app: Application<Ctx>;
  readonly process: ProcessContext;
  readonly options: RunOptions<Ctx>;
  readonly parsed: Parsed<Ctx>;
  readonly command: Command<Ctx>;
}

async function runCommand<Ctx>(job: Job<Ctx>): Promise<number> {
  const { app, process, options, parsed, command } = job;
  let ctx: Ctx | null = null;
  try {
    if (parsed.fault) throw parsed.fault;
    await checkPaths(process, parsed, command);
    ctx = options.open(parsed);
    const run = command.run?.(ctx, parsed.input) ?? Promise.resolve(0);
    return await (options.guard ? options.guard(ctx, run) : run);
  } catch (thrown) {
    const error = options.translate ? options.translate(thrown) : thrown;
    if (error instanceof ExitError) return error.code;
    if (error instanceof UsageError) {
      await process.writeError(`error: ${error.message}\n\n`);
      const width = process.tty.out ? process.tty.cols : 80;
      await process.write(usageText(app, parsed.chain, { width, asked: false }));
      return 1;
    }
    if (!(error instanceof CommandError)) throw error;
    await process.writeError(`${app.name}: error: ${error.message}\n`);
    return 1;
  } finally {
    if (ctx !== null) await options.close(ctx);
  }
}

/** Named files and folders must exist first. Source: fisk `ExistingFile`, `ExistingDir`. */
async function checkPaths<Ctx>(
  process: ProcessContext,
  parsed: Parsed<Ctx>,
  command: Command<Ctx>,
): Promise<void> {
  const named = (type: "file" | "directory"): unknown[] => {
    const flags = Object.entries(command.flags ?? {})
      .filter(([name, flag]) => flag.type === type && parsed.input.given.has(name))
      .map(([name]) => parsed.input.flags[name]);
    const args = Object.entries(command.args ?? {})
      .filter(([, arg]) => arg.type === type)
      .flatMap(([name]) => parsed.input.args[name] || []);
    return [...flags, ...args];
  };
  for (const path of named("file")) {
    const exists = await process.readFile(String(path)).then(
      () => true,
      () => false,
    );
    if (!exists) throw new CommandError(`path '${path}' does not exist`);
  }
  for (const path of named("directory")) {
    const found = await process.stat(String(path));
    if (found === null) throw new CommandError(`path '${path}' does not exist`);
    if (!found.folder) throw new CommandError(`'${path}' is a file`);
  }
}
