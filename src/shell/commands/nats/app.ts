// The `nats` program: its grammar, its global flags, one run.

import { load, type ProcessContext } from "../../../clients/index.ts";
import type { Application } from "../../grammar/application.ts";
import type { Command, FlagSpecs } from "../../grammar/define.ts";
import { ExitError } from "../../grammar/errors.ts";
import { type Parsed, parseCommandLine } from "../../grammar/parse.ts";
import { runApplication } from "../../grammar/run.ts";
import type { Value } from "../../grammar/value-types.ts";
import type { GlobalFlags, NatsContext } from "./context.ts";
import { asCommandError } from "./failures.ts";
import { newSession } from "./session.ts";
import { words } from "./words.ts";

/** What a release built from source calls itself; recordings and connection names carry it. */
const version = "(devel)";

const globalFlags = {
  server: {
    help: "Where to connect",
    type: "string",
    short: "s",
    env: "NATS_URL",
    placeholder: "URL",
  },
  user: { help: "User name, or a token", type: "string", env: "NATS_USER", placeholder: "USER" },
  password: {
    help: "Password",
    type: "string",
    env: "NATS_PASSWORD",
    placeholder: "PASSWORD",
  },
  token: { help: "Token", type: "string", env: "NATS_TOKEN", placeholder: "TOKEN" },
  "connection-name": {
    help: "What the connection calls itself",
    type: "string",
    default: `NATS CLI Version ${version}`,
    placeholder: "NAME",
  },
  creds: { help: "File of credentials", type: "string", env: "NATS_CREDS", placeholder: "FILE" },
  nkey: { help: "File of an nkey seed", type: "string", env: "NATS_NKEY", placeholder: "FILE" },
  jwt: { help: "JWT of the user", type: "string", env: "NATS_JWT", placeholder: "JWT" },
  seed: { help: "Seed of the user", type: "string", env: "NATS_SEED", placeholder: "SEED" },
  tlscert: {
    help: "File of the TLS certificate",
    type: "file",
    env: "NATS_CERT",
    placeholder: "FILE",
  },
  tlskey: { help: "File of the TLS key", type: "file", env: "NATS_KEY", placeholder: "FILE" },
  tlsca: {
    help: "File of the TLS authorities",
    type: "file",
    env: "NATS_CA",
    placeholder: "FILE",
  },
  tlsfirst: { help: "Start TLS before the server speaks", type: "bool" },
  timeout: {
    help: "How long to wait for answers",
    type: "duration",
    default: "5s",
    env: "NATS_TIMEOUT",
  },
  "socks-proxy": {
    help: "SOCKS5 proxy to connect through",
    type: "string",
    env: "NATS_SOCKS_PROXY",
    placeholder: "PROXY",
  },
  "js-api-prefix": {
    help: "Prefix of the JetStream API",
    type: "string",
    placeholder: "PREFIX",
  },
  "js-event-prefix": {
    help: "Prefix of JetStream advisories",
    type: "string",
    placeholder: "PREFIX",
  },
  "js-domain": { help: "JetStream domain", type: "string", placeholder: "DOMAIN" },
  "inbox-prefix": { help: "Prefix of inboxes", type: "string", placeholder: "PREFIX" },
  domain: { help: "JetStream domain", type: "string", placeholder: "DOMAIN", hidden: true },
  colors: {
    help: "Colours of tables",
    type: "enum",
    env: "NATS_COLOR",
    placeholder: "SCHEME",
    values: ["blue", "cyan", "double", "green", "magenta", "red", "rounded", "yellow"],
  },
  context: {
    help: "Named configuration to use",
    type: "string",
    env: "NATS_CONTEXT",
    placeholder: "NAME",
  },
  trace: { help: "Show what is sent and received", type: "switch" },
  "no-context": { help: "Use no named configuration", type: "switch" },
} as const satisfies FlagSpecs;

/** What the program loads with the first use of a word. */
const commands: readonly Command<NatsContext>[] = [
  { ...words.account, load: async () => (await import("./account/group.ts")).account },
  { ...words.cheat, load: async () => (await import("./cheat.ts")).cheat },
  { ...words.consumer, load: async () => (await import("./consumer/group.ts")).consumer },
  { ...words.counter, load: async () => (await import("./counter/group.ts")).counter },
  { ...words.kv, load: async () => (await import("./kv/group.ts")).kv },
  { ...words.object, load: async () => (await import("./object/group.ts")).object },
  { ...words.publish, load: async () => (await import("./core/publish.ts")).publish },
  { ...words.reply, load: async () => (await import("./core/reply.ts")).reply },
  { ...words.request, load: async () => (await import("./core/request.ts")).request },
  { ...words.rtt, load: async () => (await import("./core/rtt.ts")).rtt },
  { ...words.server, load: async () => (await import("./server/group.ts")).server },
  { ...words.stream, load: async () => (await import("./stream/group.ts")).stream },
  { ...words.subscribe, load: async () => (await import("./core/subscribe.ts")).subscribe },
];

/** As far as it was loaded; the rest is known by its first word alone. */
let application: Application<NatsContext> = {
  name: "nats",
  help: "NATS and JetStream at the command line\n\nSee 'nats cheat' for examples",
  version,
  flags: globalFlags,
  commands,
};

/** The grammar that this line needs, for parsing, help and completion; `nats` is not in it. */
export async function natsGrammar(line: readonly string[]): Promise<Application<NatsContext>> {
  const [first] = parseCommandLine(application, line, new Map()).chain;
  if (first?.load !== undefined) takeCommand(await load(first.load));
  return application;
}

/** The same with every command. */
export async function wholeNatsGrammar(): Promise<Application<NatsContext>> {
  for (const command of commands) await natsGrammar([command.path]);
  return application;
}

function takeCommand(whole: Command<NatsContext>): void {
  const known = application.commands.map((one) => (one.path === whole.path ? whole : one));
  application = { ...application, commands: known };
}

/** Runs `nats` as a process; `argv[0]` is its name. */
export async function natsProgram(process: ProcessContext): Promise<number> {
  const grammar = await natsGrammar(process.argv.slice(1));
  return runApplication(grammar, process, {
    open: (parsed) => ({ process, globals: readGlobals(parsed), session: newSession() }),
    guard,
    translate: asCommandError,
    close: async ({ session }) => {
      await session.connection?.close();
    },
  });
}

function readGlobals({ input, chain }: Parsed<NatsContext>): GlobalFlags {
  const text = (name: keyof typeof globalFlags) => String(input.flags[name] ?? "");
  const value = (name: string): Value | undefined => input.flags[name];
  const isGroup = (chain[0]?.commands?.length ?? 0) > 0;
  return {
    server: text("server"),
    user: text("user"),
    password: text("password"),
    token: text("token"),
    connectionName: text("connection-name"),
    creds: text("creds"),
    nkey: text("nkey"),
    jwt: text("jwt"),
    seed: text("seed"),
    timeout: Number(value("timeout")),
    apiPrefix: text("js-api-prefix"),
    eventPrefix: text("js-event-prefix"),
    domain: text("js-domain") || text("domain"),
    inboxPrefix: text("inbox-prefix"),
    colors: text("colors"),
    trace: value("trace") === true,
    showAll: isGroup && value("all") === true,
  };
}

/** A run that signals can end: with the code that a shell shows, or the command's own way. */
function guard(ctx: NatsContext, run: Promise<number>): Promise<number> {
  const { signal } = ctx.process;
  const ended = new Promise<never>((_, reject) => {
    ctx.session.interrupt = reject;
    const abort = () => {
      const { reason } = signal;
      reject(new ExitError(typeof reason === "number" ? reason : 130));
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
  return Promise.race([run, ended]);
}
