/** Ports for servers that tests start. */
import { createServer } from "node:net";

/**
 * Below the range from which systems draw the ports of connections: a port that was free when it
 * was asked for must not be some client's by the time a server listens on it.
 */
const firstPort = 10_000;
/** Each process of the tests has a lane of its own, so that two never take the same port. */
const lanes = 1400;
const lanePorts = 16;

let taken = 0;

/** A port that nobody listens on, another one at each call. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < lanes * lanePorts; tries++) {
    const at = (process.pid % lanes) * lanePorts + taken++;
    const port = firstPort + (at % (lanes * lanePorts));
    if (await isFree(port)) return port;
  }
  throw new Error("no free port");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
