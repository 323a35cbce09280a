/** The trace lines of `-V`: what a client said, and what it was told. */
import {
  type ClientSink,
  concatBytes,
  createMessage,
  emptyBytes,
  type Message,
  messageBytes,
  quoteBytes,
} from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";

/** A sink that writes each operation down before it is performed. Source: `traceInOp`. */
export function loggedSink(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  sink: ClientSink,
): ClientSink {
  const note = (text: string): void => logLine(io, client, "<<-", text);
  return {
    onUnauthenticated: () => sink.onUnauthenticated(),
    onConnect: (json) => {
      note(`[CONNECT ${withoutSecrets(json)}]`);
      sink.onConnect(json);
    },
    onInfo: (json) => sink.onInfo(json),
    onOk: () => sink.onOk(),
    onErr: (text) => sink.onErr(text),
    onPing: () => {
      note("[PING]");
      sink.onPing();
    },
    onPong: () => {
      note("[PONG]");
      sink.onPong();
    },
    onPubLine: (subject) => sink.onPubLine(subject),
    onPub: (subject, reply, headers, payload) => {
      const message = createMessage(subject, reply, headers, payload);
      note(`[${headers === null ? "PUB" : "HPUB"} ${subject} ${tailOf(message)}]`);
      logPayload({ server, io, client }, "<<-", message);
      sink.onPub(subject, reply, headers, payload);
    },
    onSub: (subject, queue, sid) => {
      note(`[SUB ${subject}${queue === null ? "" : ` ${queue}`} ${sid}]`);
      sink.onSub(subject, queue, sid);
    },
    onUnsub: (sid, max) => {
      note(`[UNSUB ${sid}${max === null ? "" : ` ${max}`}]`);
      sink.onUnsub(sid, max);
    },
  };
}

/** Something sent to a client, when that is to be logged. Source: `traceOutOp`. */
export function logOut(server: ServerState, io: ServerIo, client: ClientConn, text: string): void {
  if (server.config.process.trace) logLine(io, client, "->>", `[${text}]`);
}

/** A client of a server whose log is written. */
interface LogPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly client: ClientConn;
}

/** A message delivered to a client, when that is to be logged. */
export function logDelivery(place: LogPlace, sid: string, message: Message): void {
  const { io, client } = place;
  const verb = message.headers === null ? "MSG" : "HMSG";
  logLine(io, client, "->>", `[${verb} ${message.subject} ${sid} ${tailOf(message)}]`);
  logPayload(place, "->>", message);
}

/**
 * Address, id, client library and account: how a client is called in the log. One that was not
 * let in has no library yet. Source: nats-server `processConnect`, `ncs`.
 */
export function clientLabel(client: ClientConn): string {
  const { ip, port, cid, options, account } = client;
  const version = options.version === "" ? "" : `v${options.version}`;
  const isIn = account !== "";
  const library = isIn
    ? [version, options.lang, options.name].filter((part) => part !== "").join(":")
    : "";
  const user = userLabel(client);
  const who = isIn && user !== "" ? ` - ${JSON.stringify(`${account}/${user}`)}` : "";
  return `${ip}:${port} - cid:${cid}${library === "" ? "" : ` - ${JSON.stringify(library)}`}${who}`;
}

/** How the log calls what a client came in by. Source: nats-server `getAuthUserLabel`. */
function userLabel({ options, user }: ClientConn): string {
  if (options.nkey !== "") return `nkey:${options.nkey}`;
  const name = options.user === "" ? user : options.user;
  if (name !== "") return `user:${name}`;
  return options.token === "" ? "" : "token";
}

function logLine(io: ServerIo, client: ClientConn, arrow: string, text: string): void {
  io.log("trace", `${clientLabel(client)} - ${arrow} ${text}`);
}

/** Source: nats-server `traceMsgInternal`. */
function logPayload({ server, io, client }: LogPlace, arrow: string, message: Message): void {
  const { traceHeaders, maxTraced = 0 } = server.config.process;
  const headers = message.headers ?? emptyBytes;
  // Of headers alone the end of their last line, and the empty one, are left out.
  const shown = traceHeaders
    ? headers.subarray(0, Math.max(headers.length - headersEnd, 0))
    : concatBytes([headers, message.payload]);
  if (shown.length === 0) return;
  const isCut = maxTraced > 0 && shown.length > maxTraced;
  const text = quoteBytes(isCut ? shown.subarray(0, maxTraced) : shown);
  const quoted = isCut ? `${text.slice(0, -1)}..."` : text;
  logLine(io, client, arrow, `MSG_PAYLOAD: [${quoted}]`);
}

const headersEnd = 4;

/** What stands behind subject and sid on the control line. */
function tailOf(message: Message): string {
  const { reply, headers } = message;
  const sizes = headers === null ? "" : `${headers.length} `;
  return `${reply === null ? "" : `${reply} `}${sizes}${messageBytes(message)}`;
}

/** Source: nats-server `removeSecretsFromTrace`. */
function withoutSecrets(json: string): string {
  return json.replace(
    /("(?:auth_token|pass\w*|sig|proxy_sig|nkey)"\s*:\s*)"[^"]*"/g,
    '$1"[REDACTED]"',
  );
}
