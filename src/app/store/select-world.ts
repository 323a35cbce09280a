/** What panels read of the world: primitives, or references that exist already. */
import type { ServerView } from "../../worker/frames.ts";
import type { View } from "./view.ts";

export const selectServer = (id: string) => (view: View) => view.servers.get(id);
export const selectClient = (id: string) => (view: View) => view.clients.get(id);
export const selectStream = (id: string) => (view: View) => view.streams.get(id);
export const selectConsumer = (id: string) => (view: View) => view.consumers.get(id);
export const selectLedger = (view: View) => view.ledger;
export const selectCaption = (view: View) => view.caption;
export const selectDetail = (view: View) => view.detail;
export const selectTrace = (view: View) => view.trace;
/**
 * A world with nothing on it: the canvas invites the first command, however much the servers of a
 * cluster talk to each other. A server that is down shows no streams either, and yet its disk may
 * be full of them.
 */
export const selectBlank = (view: View) =>
  view.connected &&
  view.streams.size === 0 &&
  // The first terminal has its chair before anybody types.
  view.clients.size < 2 &&
  [...view.flights.values()].every(({ client }) => client.startsWith("server:")) &&
  [...view.servers.values()].every((server) => server.state === "up");
/** One stream on one server needs no server's frame around it. */
export const selectOnePicture = (view: View) => view.servers.size === 1 && view.streams.size === 1;
/** Which machines there are, and which of the worlds with them this is. */
export const selectSummary = (view: View) =>
  `${machinesText([...view.servers.values()])} · seed ${view.session.seed}`;
/** The clock as it is printed: changes a thousand times less often than `at`. */
export const selectMillis = (view: View) => Math.floor(view.at / 1_000_000);

function machinesText(servers: readonly ServerView[]): string {
  const [first] = servers;
  if (first === undefined) return "no server";
  const { cluster } = first;
  if (servers.length === 1) return "single server";
  const isOne = cluster !== "" && servers.every((server) => server.cluster === cluster);
  return isOne ? `cluster ${cluster}, ${servers.length} servers` : `${servers.length} servers`;
}
