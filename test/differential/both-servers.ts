/** One conversation with nats-server and with ours: bytes, pages and reloads, compared. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { startHeadless } from "../../src/node/serve/headless.ts";
import { type ServerConfig, serverConfigFromText } from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { RawClient } from "./raw-client.ts";
import { natsServerPath } from "./real-server.ts";

/**
 * `name>bytes` speaks as a client of that name; `$ID` is the server's id. `name>ANSWER text`
 * replies to the last request that came to it from another account.
 */
export type Line =
  | string
  | { readonly get: string }
  | { readonly reload: string }
  | { readonly wait: number }
  | { readonly close: string };

interface Side {
  readonly port: number;
  readonly http: number;
  /** What the log says of it. */
  reload(conf: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Plays the lines to both sides; what they say has to be the same but for times and ids. On a busy
 * machine an answer may come too late: what differs is played again, with more time for each line.
 */
export async function compareServers(
  conf: string,
  lines: readonly Line[],
  tidy: (text: string) => string = (text) => text,
): Promise<void> {
  try {
    await compareAt(leisures.brisk, conf, lines, tidy);
  } catch {
    await compareAt(leisures.patient, conf, lines, tidy);
  }
}

async function compareAt(
  leisure: Leisure,
  conf: string,
  lines: readonly Line[],
  tidy: (text: string) => string,
): Promise<void> {
  const sides = await Promise.all([startOurs(conf), startReal(conf)]);
  try {
    const ours = await play(sides[0], lines, [], leisure);
    const theirs = await play(sides[1], lines, ours, leisure);
    for (const [at, line] of lines.entries()) {
      const shown = `line ${at + 1}: ${JSON.stringify(line)}`.slice(0, 300);
      const clean = (rows: readonly string[]): string[] => rows.map((row) => tidy(normalised(row)));
      expect(clean(ours[at] ?? []), shown).toEqual(clean(theirs[at] ?? []));
    }
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

interface Leisure {
  /** How long an answer is waited for that the other side gave. */
  readonly patienceMs: number;
  /** How long nothing comes before a line counts as answered, when nobody knows better. */
  readonly firstQuietMs: number;
  readonly laterQuietMs: number;
}

const leisures = {
  brisk: { patienceMs: 1500, firstQuietMs: 100, laterQuietMs: 40 },
  patient: { patienceMs: 4000, firstQuietMs: 350, laterQuietMs: 150 },
} as const satisfies Record<string, Leisure>;

/** What each line brought, one text a message or page; `expected` is what the other side got. */
async function play(
  side: Side,
  lines: readonly Line[],
  expected: readonly (readonly string[])[],
  { patienceMs, firstQuietMs, laterQuietMs }: Leisure,
): Promise<string[][]> {
  const clients = new Map<string, RawClient>();
  const replies = new Map<string, string>();
  const told: string[][] = [];
  let id = "";
  for (const [at, line] of lines.entries()) {
    const rows: string[] = [];
    if (typeof line === "string") {
      const [, name = "", text = ""] = /^(\w+)>([\s\S]*)$/.exec(line) ?? [];
      const client = clients.get(name) ?? (await RawClient.open(side.port));
      if (!clients.has(name)) {
        id = (await greetedBy(client)) ?? id;
        clients.set(name, client);
      }
      const answer = /^ANSWER (.*)$/.exec(text)?.[1];
      const bytes = `PUB ${replies.get(name)} ${answer?.length}\r\n${answer}\r\n`;
      await client.say(answer === undefined ? text.replaceAll("$ID", id) : bytes, 0);
    } else if ("get" in line) {
      const response = await fetch(`http://127.0.0.1:${side.http}${line.get}`);
      const type = response.headers.get("content-type");
      rows.push(`${response.status} ${type}`, ...pieces(await response.text()));
    } else if ("reload" in line) rows.push(await side.reload(line.reload));
    else if ("close" in line) {
      clients.get(line.close)?.close();
      clients.delete(line.close);
    } else await new Promise((resolve) => setTimeout(resolve, line.wait));
    const until = Date.now() + patienceMs;
    const quietMs = expected.length === 0 ? firstQuietMs : laterQuietMs;
    // Whoever asks gets an answer, as a rule.
    const isAsking = typeof line === "string" && / r\.\d+ /.test(line);
    const wanted = expected[at]?.length ?? (isAsking ? 1 : 0);
    const isPage = typeof line !== "string" && "get" in line;
    while (!isPage) {
      rows.push(...(await hear(clients, replies, quietMs)));
      if (rows.length >= wanted || Date.now() >= until) break;
    }
    told.push(rows.toSorted());
  }
  for (const client of clients.values()) client.close();
  return told;
}

/** The id of the server that greets a new client. */
async function greetedBy(client: RawClient): Promise<string | undefined> {
  let text = "";
  const until = Date.now() + leisures.patient.patienceMs;
  while (!text.includes("\r\n") && Date.now() < until) text += (await client.say("", 30)).text;
  return /"server_id":"(\w+)"/.exec(text)?.[1];
}

/** What each client got since it was asked last. */
async function hear(
  clients: Map<string, RawClient>,
  replies: Map<string, string>,
  quietMs: number,
): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, client] of clients) {
    const { text, closed } = await client.say("", quietMs);
    const reply = /_R_\.\S+/.exec(text)?.[0];
    if (reply !== undefined) replies.set(name, reply);
    const said = pieces(withoutPings(text)).filter((piece) => piece !== "");
    rows.push(...said.map((piece) => `${name}: ${piece}`));
    if (closed) rows.push(`${name} is closed`);
    if (closed) clients.delete(name);
  }
  return rows;
}

/** Each server pings when it likes. */
function withoutPings(text: string): string {
  return text.replace(/(^|\r\n)PING\r\n/g, "$1");
}

/** Frames of one flush may come in any order between subscriptions: each message by itself. */
function pieces(text: string): string[] {
  return text.split(/(?=\b(?:MSG|HMSG) \S+ \S+ )/).map((piece) => piece.trim());
}

async function startOurs(conf: string): Promise<Side> {
  const { folder, port, http, full } = await place(conf);
  let log = "";
  const read = (text: string): ServerConfig => serverConfigFromText(full(text)).config;
  const sink = {
    write(level: string, text: string) {
      log += `[${level}] ${text}\n`;
    },
  };
  const server = await startHeadless(read(conf), { ...sink, reopen: () => {} });
  return {
    port,
    http,
    async reload(text) {
      log = "";
      try {
        await server.reload(read(text));
      } catch (error) {
        const why = error instanceof Error ? error.message : "";
        log += `[error] Failed to reload server configuration: ${why}\n`;
      }
      return notices(log);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startReal(conf: string): Promise<Side> {
  if (natsServerPath === null) throw new Error("there is no nats-server");
  const { folder, port, http, full } = await place(conf);
  const file = join(folder, "server.conf");
  writeFileSync(file, full(conf));
  const child = spawn(natsServerPath, ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  const until = async (sign: string): Promise<void> => {
    for (let tries = 0; tries < 400 && !log.includes(sign); tries++) {
      if (child.exitCode !== null) throw new Error(`nats-server ended: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  await until("Server is ready");
  return {
    port,
    http,
    async reload(text) {
      writeFileSync(file, full(text));
      log = "";
      child.kill("SIGHUP");
      await until("eload");
      await new Promise((resolve) => setTimeout(resolve, 200));
      return notices(log);
    },
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function place(conf: string) {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-both-"));
  const [port, http] = [await freePort(), await freePort()];
  const own = `listen: "127.0.0.1:${port}"\nhttp: "127.0.0.1:${http}"\n`;
  const full = (text: string): string => `${own}${text.replaceAll("$FOLDER", folder)}\n`;
  return { folder, port, http, full, conf };
}

/** What a reload did, without times, places and whose client it was. */
function notices(log: string): string {
  return log
    .split("\n")
    .filter((line) => /Reload|Failed to reload|JetStream Shutdown/.test(line))
    .map((line) => line.replace(/^.*?\[(?:INF|info|ERR|error)\] /, ""))
    .map((line) => line.replace(/ \((?:sha256:\w+)?\)$/, ""))
    .join("\n");
}

/** Times, ids, and numbers that a machine has of its own. */
function normalised(text: string): string {
  return text
    .replace(/\b[NX][A-Z2-7]{55}\b/g, "<ID>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (found) =>
      found.startsWith("0001") ? found : "<time>",
    )
    .replace(/"server":\{"name":.*?"time":"[^"]*"\}/g, '"server":{}')
    .replace(/"id": ?"[A-Za-z0-9]{22}"/g, '"id":"<id>"')
    .replace(/"(port|http_port|cid|id|client_id)": ?\d+/g, '"$1":0')
    .replace(/"(mem|cpu|rtt|cores|gomaxprocs|gomemlimit)": ?[\d.]+/g, '"$1":0')
    .replace(/"(service|system|total)":[1-9]\d*(?=[,}])/g, '"$1":1')
    .replace(/"(uptime|idle)": ?"[^"]*"/g, '"$1":""')
    .replace(/"rtt": ?"[^"]*"/g, '"rtt":"0"')
    .replace(/_R_\.[A-Za-z0-9._]+/g, "_R_.<id>")
    .replace(/windtunnel-both-[A-Za-z0-9]+/g, "<folder>")
    .replace(/"config_digest": ?"[^"]*"/g, '"config_digest":""')
    .replace(/(H?MSG \S+ \S+) +(?:\S+ )?[\d ]+(?=\r\n)/g, "$1 <size>");
}
