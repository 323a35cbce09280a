/** The verbs of the client protocol as an automaton over bytes: one table look-up a byte. */

export type Role = "server" | "client";

export const verbs = {
  connect: "CONNECT",
  info: "INFO",
  ping: "PING",
  pong: "PONG",
  pub: "PUB",
  hpub: "HPUB",
  sub: "SUB",
  unsub: "UNSUB",
  msg: "MSG",
  hmsg: "HMSG",
  ok: "+OK",
  err: "-ERR",
} as const;

/**
 * What nats-server's parser takes from a client: HMSG, but not MSG. With each the number that its
 * log gives the state before the first letter; letters share the state of the verb that is first.
 * Source: nats-server `parser.go` `OP_START` and the next.
 */
const serverVerbs: readonly (readonly [string, number])[] = [
  [verbs.connect, 9],
  [verbs.info, 70],
  [verbs.pub, 28],
  [verbs.ping, 32],
  [verbs.pong, 35],
  [verbs.hpub, 17],
  [verbs.hmsg, 22],
  [verbs.sub, 42],
  [verbs.unsub, 58],
  [verbs.ok, 0],
  [verbs.err, 3],
];
/** `MSG_END_R` and `MSG_END_N`: where the end of a payload is looked at. */
export const payloadEndNumbers = { cr: 41, lf: 42 } as const;
const clientVerbs = [
  verbs.info,
  verbs.ping,
  verbs.pong,
  verbs.msg,
  verbs.hmsg,
  verbs.ok,
  verbs.err,
];

const width = 128;
const starts: Record<Role, number> = { server: 0, client: 1 };
/** What each state has recognised; "" in the middle of a verb. */
const ops: string[] = ["", ""];
const numbers: number[] = [0, 0];
const table = buildTable();

export function startOf(role: Role): number {
  return starts[role];
}

/** The state after `byte`, or -1 when no verb goes on with it. Letters of either case count. */
export function nextState(state: number, byte: number): number {
  return byte < width ? (table[state * width + byte] ?? -1) : -1;
}

export function opOf(state: number): string {
  return ops[state] ?? "";
}

/** The number of a state in nats-server's log. */
export function numberOf(state: number): number {
  return numbers[state] ?? 0;
}

/** The number of the state in which the blank after a verb is looked for. */
export function numberAfter(op: string): number {
  return (serverVerbs.find(([verb]) => verb === op)?.[1] ?? 0) + op.length;
}

/** What follows a verb: nothing to read, arguments at once, or arguments after a blank. */
export function gapOf(op: string): "tail" | "blank" | "gap" {
  if (op === verbs.ping || op === verbs.pong || op === verbs.ok) return "tail";
  return op === verbs.connect || op === verbs.info ? "blank" : "gap";
}

function buildTable(): Int16Array {
  const rows: number[][] = [emptyRow(), emptyRow()];
  for (const [verb, before] of serverVerbs) addVerb(rows, starts.server, verb, before);
  for (const verb of clientVerbs) addVerb(rows, starts.client, verb, 0);
  return Int16Array.from(rows.flat());
}

function addVerb(rows: number[][], start: number, verb: string, before: number): void {
  let state = start;
  for (let i = 0; i < verb.length; i++) {
    const row = rows[state] ?? [];
    const upper = verb.charCodeAt(i);
    let next = row[upper] ?? -1;
    if (next < 0) {
      next = rows.push(emptyRow()) - 1;
      ops.push("");
      numbers.push(before + i + 1);
      row[upper] = next;
      row[verb.toLowerCase().charCodeAt(i)] = next;
    }
    state = next;
  }
  ops[state] = verb;
}

function emptyRow(): number[] {
  return new Array<number>(width).fill(-1);
}
