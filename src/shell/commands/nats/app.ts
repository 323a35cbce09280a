// The `nats` program: its grammar, its global flags, one run.

import type { ProcessContext } from "../../../clients/index.ts";
import type { Application } from "../../grammar/application.ts";
import type { FlagSpecs } from "../../grammar/define.ts";
import { ExitError } from "../../grammar/errors.ts";
import type { Parsed } from "../../grammar/parse.ts";
import { runApplication } from "../../grammar/run.ts";
import type { Value } from "../../grammar/value-types.ts";
import { accountInfoCommand } from "./account/info.ts";
import { cheat } from "./cheat.ts";
import { consumerCluster } from "./consumer/cluster.ts";
import { consumerPause, consumerReset, consumerResume, consumerUnpin } from "./consumer/control.ts";
import { consumerAdd } from "./consumer/create.ts";
import { consumerCopy, consumerEdit } from "./consumer/edit.ts";
import { consumerFind } from "./consumer/find.ts";
import { consumerInfo, consumerState } from "./consumer/info.ts";
import { consumerList, consumerReport } from "./consumer/list.ts";
import { consumerNext } from "./consumer/next.ts";
import { consumerRemove } from "./consumer/remove.ts";
import { consumerSubscribe } from "./consumer/subscribe.ts";
import { type GlobalFlags, type NatsContext, natsGroup } from "./context.ts";
import { publish } from "./core/publish.ts";
import { reply } from "./core/reply.ts";
import { request } from "./core/request.ts";
import { rtt } from "./core/rtt.ts";
import { subscribe } from "./core/subscribe.ts";
import { counter } from "./counter/group.ts";
import { asCommandError } from "./failures.ts";
import { kv } from "./kv/group.ts";
import { object } from "./object/group.ts";
import { serverCluster } from "./server/cluster.ts";
import { serverMappings } from "./server/mappings.ts";
import { serverReport } from "./server/report.ts";
import { newSession } from "./session.ts";
import { streamCluster } from "./stream/cluster.ts";
import { streamAdd, streamCopy } from "./stream/create.ts";
import { streamEdit } from "./stream/edit.ts";
import { streamFind } from "./stream/find.ts";
import { streamGaps } from "./stream/gaps.ts";
import { streamGet } from "./stream/get.ts";
import { streamInfo, streamState } from "./stream/info.ts";
import { streamList } from "./stream/list.ts";
import { streamPurge, streamRemove, streamRemoveMessage, streamSeal } from "./stream/remove.ts";
import { streamReport } from "./stream/report.ts";
import { streamSubjects } from "./stream/subjects.ts";
import { streamView } from "./stream/view.ts";

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

/** The grammar of `nats`, for parsing, help, completion and checks. */
export const natsApplication: Application<NatsContext> = {
  name: "nats",
  help: "NATS and JetStream at the command line\n\nSee 'nats cheat' for examples",
  version,
  flags: globalFlags,
  commands: [
    natsGroup({
      path: "account",
      aliases: ["a"],
      help: "The account in use",
      cheat: "account",
      commands: [accountInfoCommand],
    }),
    cheat,
    natsGroup({
      path: "consumer",
      aliases: ["con", "obs", "c"],
      help: "Consumers of streams",
      cheat: "consumer",
      flags: { all: { help: "Internal streams too", type: "switch", short: "a" } },
      commands: [
        consumerAdd,
        consumerList,
        consumerInfo,
        consumerState,
        consumerRemove,
        consumerNext,
        consumerSubscribe,
        consumerReport,
        consumerFind,
        consumerEdit,
        consumerCopy,
        consumerPause,
        consumerResume,
        consumerReset,
        consumerUnpin,
        consumerCluster,
      ],
    }),
    counter,
    kv,
    object,
    publish,
    reply,
    request,
    rtt,
    natsGroup({
      path: "server",
      help: "Servers",
      aliases: ["srv", "sys", "system"],
      commands: [serverCluster, serverMappings, serverReport],
    }),
    natsGroup({
      path: "stream",
      aliases: ["str", "st", "ms", "s"],
      help: "Streams",
      cheat: "stream",
      flags: { all: { help: "Internal streams too", type: "switch", short: "a" } },
      commands: [
        streamAdd,
        streamList,
        streamReport,
        streamInfo,
        streamState,
        streamSubjects,
        streamRemove,
        streamPurge,
        streamCopy,
        streamRemoveMessage,
        streamView,
        streamGet,
        streamSeal,
        streamEdit,
        streamFind,
        streamGaps,
        streamCluster,
      ],
    }),
    subscribe,
  ],
};

/** Runs `nats` as a process; `argv[0]` is its name. */
export function natsProgram(process: ProcessContext): Promise<number> {
  return runApplication(natsApplication, process, {
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
