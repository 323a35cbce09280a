/** What listeners listen on. */
import { createServer, connect as dial } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { closeListener, listen, portOf } from "./listeners.ts";

const loopbacks = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .map(({ address }) => address)
  .filter((address) => address === "127.0.0.1" || address === "::1");

/** What a listener says to who dials it, or the error's code. */
function hear(host: string, port: number): Promise<string> {
  return new Promise((done) => {
    const socket = dial({ host, port });
    socket.on("data", (chunk) => done(String(chunk)));
    socket.on("error", (error) => done("code" in error ? String(error.code) : error.message));
  });
}

// Evidence: nats-server 2.15.2 with `-a 0.0.0.0` listens on `*` and names [::1] in its ports file;
// nats.js resolves "localhost" to both loopbacks and dials them in an order of chance.
test.each(["", "0.0.0.0", "::"])(
  "all interfaces, asked for as %j, are both kinds",
  async (host) => {
    const server = createServer((socket) => socket.end("hello"));
    await listen(server, host, -1);
    for (const address of loopbacks) expect(await hear(address, portOf(server))).toBe("hello");
    await closeListener(server);
  },
);

test("one address is that alone", async () => {
  const server = createServer((socket) => socket.end("hello"));
  await listen(server, "127.0.0.1", -1);
  expect(await hear("127.0.0.1", portOf(server))).toBe("hello");
  if (loopbacks.includes("::1")) expect(await hear("::1", portOf(server))).toBe("ECONNREFUSED");
  const second = createServer();
  await expect(listen(second, "127.0.0.1", portOf(server))).rejects.toThrow("EADDRINUSE");
  await closeListener(server);
});
