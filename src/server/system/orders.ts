/** What the system account may have a server do: end a connection, or read its configuration. */
import { isJsonObject, JsonError, type JsonLike, parseJson } from "../../protocol/index.ts";
import { closeClient } from "../connections/close.ts";
import { sendLameDuckInfoTo } from "../connections/info.ts";
import { confParts } from "../doors/conf-door.ts";
import type { ServerIo } from "../io.ts";
import { ReloadError } from "../reload-fields.ts";
import type { ClientConn, ServerState } from "../state.ts";

/** Why an order was not carried out: answered with code 500. */
export class OrderError extends Error {
  override readonly name = "OrderError";
}

type Fields = { readonly [field: string]: JsonLike };

/** What an order answers that was carried out: nothing but who did it. */
export const done: Fields = {};

/** Source: nats-server `kickClient`, `DisconnectClientByID`. Throws {@link OrderError}. */
export function kickClient(server: ServerState, io: ServerIo, cid: number): Fields {
  const client = clientOf(server, cid);
  if (client === undefined) throw new OrderError("no such client or leafnode id");
  closeClient(server, io, client, "Kicked");
  return done;
}

/** Source: nats-server `ldmClient`, `LDMClientByID`. Throws {@link OrderError}. */
export function tellLameDuck(server: ServerState, cid: number): Fields {
  const client = clientOf(server, cid);
  if (client === undefined) throw new OrderError("no such client id");
  if (client.options.protocol < 1 || !client.firstPongSent) {
    const why = "is not ready to receive the notification";
    throw new OrderError(`client does not support Lame Duck Mode or ${why}`);
  }
  sendLameDuckInfoTo(server, client);
  return done;
}

/** Source: nats-server `reloadConfig`. Throws {@link OrderError}. */
export function reloadOrdered(server: ServerState, io: ServerIo): Fields {
  if (io.readConfig === undefined)
    throw new OrderError("can only reload config when a file is provided using -c or --config");
  try {
    confParts().applyConfig(server, io, io.readConfig());
  } catch (error) {
    if (error instanceof ReloadError) throw new OrderError(error.message);
    throw error;
  }
  return done;
}

/** Null when the body is no JSON: that is not answered. */
export function cidIn(io: ServerIo, body: string): number | null {
  try {
    const asked = parseJson(body);
    const cid = isJsonObject(asked) ? asked.cid : undefined;
    return typeof cid === "number" ? cid : 0;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    io.log("error", `Error unmarshalling kick client request: ${error.message}`);
    return null;
  }
}

function clientOf(server: ServerState, cid: number): ClientConn | undefined {
  for (const client of server.conns.values()) if (client.cid === cid) return client;
  return undefined;
}
