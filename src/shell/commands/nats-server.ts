/** `nats-server`, as far as one types it at running servers: signals, and their files. */
import type { ProcessContext, Program } from "../../clients/index.ts";
import { serverVersion } from "../../server/index.ts";
import { worldLine } from "./world/programs.ts";

const usage = `Usage: nats-server [options]

    -c, --config /etc/nats/SERVER.conf   ends SERVER and starts it with this file
    -t                                   with -c: only checks the file
    -sl,--signal NAME=SERVER             reload, ldm, stop, quit, term
    -v, --version                        version

The servers of this world are made with 'world'; 'world config SERVER' shows the file of one.
`;

/** What each signal is in this world. */
const signals: ReadonlyMap<string, (server: string) => readonly string[]> = new Map([
  ["reload", (server: string) => ["world", "reload", server]],
  ["ldm", (server: string) => ["fault", "lame-duck", server]],
  ["stop", (server: string) => ["fault", "kill", server]],
  ["quit", (server: string) => ["fault", "kill", server]],
  ["term", (server: string) => ["fault", "kill", server]],
]);

interface Wanted {
  readonly file: string;
  readonly signal: string;
  readonly check: boolean;
}

export const natsServerProgram: Program = async (context) => {
  const args = context.argv.slice(1);
  if (args.includes("-v") || args.includes("--version")) {
    await context.write(`nats-server: v${serverVersion}\n`);
    return 0;
  }
  if (args.length === 0 || args.includes("-h") || args.includes("--help")) {
    await context.write(usage);
    return args.length === 0 ? 1 : 0;
  }
  const wanted = readArgs(args);
  if (typeof wanted === "string") return fail(context, wanted);
  const line = lineFor(wanted);
  if (typeof line === "string") return fail(context, line);
  const { exit, stdout, stderr } = await context.world(worldLine(line));
  if (stdout !== "") await context.write(stdout);
  if (stderr !== "") await context.writeError(stderr.replace(/^(world|fault): /, "nats-server: "));
  return exit;
};

function readArgs(args: readonly string[]): Wanted | string {
  const wanted = { file: "", signal: "", check: false };
  for (let at = 0; at < args.length; at++) {
    const [name = "", given] = (args[at] ?? "").split(/=(.*)/s, 2);
    if (name === "-t") wanted.check = true;
    else if (["-c", "--config"].includes(name)) wanted.file = given ?? args[++at] ?? "";
    else if (["-sl", "--signal"].includes(name)) wanted.signal = given ?? args[++at] ?? "";
    else return `flag provided but not defined: ${name}`;
  }
  return wanted;
}

function lineFor({ file, signal, check }: Wanted): readonly string[] | string {
  if (signal !== "") {
    const [name = "", server = ""] = signal.split("=", 2);
    const make = signals.get(name);
    if (make === undefined) return `unknown signal "${name}"`;
    return server === "" ? `name a server: --signal ${name}=n1` : make(server);
  }
  const [, server] = /^(?:\/etc\/nats\/)?([\w-]+)\.conf$/.exec(file) ?? [];
  if (server === undefined) return "the files of servers are /etc/nats/SERVER.conf";
  return ["world", "reload", server, check ? "--check" : "--restart"];
}

async function fail(context: ProcessContext, text: string): Promise<number> {
  await context.writeError(`nats-server: ${text}\n`);
  return 1;
}
