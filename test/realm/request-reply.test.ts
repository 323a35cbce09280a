/** nats.js over the world's network: names, ports and doors lead where they should. */
import { expect, test } from "vitest";
import type { Program } from "../../src/clients/index.ts";
import { createBench, runProgram } from "./driver.ts";

test("nats.js asks and answers over the world's network", async () => {
  const bench = createBench(async (ctx) => {
    const nc = await ctx.connect({ name: "asker" });
    nc.subscribe("echo", { callback: (_error, msg) => void msg.respond(msg.data) });
    const reply = await nc.request("echo", "hello", { timeout: 1000 });
    await ctx.write(`${reply.string()} after ${ctx.nowMs() - 1_767_225_600_000} ms\n`);
    await nc.close();
    return 0;
  });
  expect(await runProgram(bench)).toBe(0);
  // Dial and INFO, CONNECT and PING, request: there and back in half a millisecond each.
  expect(bench.written.join("")).toBe("hello after 1 ms\n");
});

/** Says for each address which server answers, over what, or why none does. */
const visitor: Program = async (ctx) => {
  for (const servers of [
    "n1",
    "nats://N1:4222",
    "192.0.2.11:4222",
    "localhost",
    "127.0.0.1:4222",
    "ws://n1:8080",
    "n1:9999",
    "n7",
    "desk:4222",
  ]) {
    const answer = await ctx.connect({ servers, reconnect: false, timeout: 5_000 }).then(
      async (nc) => {
        const { server_name: name, client_ip: ip } = nc.info ?? {};
        await nc.close();
        return `${name} sees ${ip}`;
      },
      (error: Error) => error.message,
    );
    await ctx.write(`${servers}: ${answer}\n`);
  }
  return 0;
};

test("names, addresses and doors are those of the hosts; localhost is the own one", async () => {
  const bench = createBench(visitor);
  await runProgram(bench);
  expect(bench.written.join("").trim().split("\n")).toEqual([
    "n1: n1 sees 192.0.2.1",
    "nats://N1:4222: n1 sees 192.0.2.1",
    "192.0.2.11:4222: n1 sees 192.0.2.1",
    "localhost: n1 sees 127.0.0.1",
    "127.0.0.1:4222: n1 sees 127.0.0.1",
    "ws://n1:8080: n1 sees 192.0.2.1",
    "n1:9999: connection refused",
    "n7: getaddrinfo ENOTFOUND n7",
    // Port 4222 of the desk is forwarded to the first server.
    "desk:4222: n1 sees 192.0.2.1",
  ]);
  const kinds = bench.world.hosts.get("n1")?.server?.closed.map(({ transport }) => transport);
  expect(kinds).toContain("ws");
});

test("without a server every address of the own host refuses", async () => {
  const bench = createBench(visitor, { world: "preset none" });
  await runProgram(bench);
  const lines = bench.written.join("").trim().split("\n");
  expect(lines).toContain("localhost: connection refused");
  expect(lines).toContain("n1: getaddrinfo ENOTFOUND n1");
});

test("credentials of the transcripts' accounts lead to their account", async () => {
  const program: Program = async (ctx) => {
    const who = async (user?: string, pass?: string): Promise<string> => {
      const login = user === undefined ? {} : { user, pass: pass ?? user };
      return ctx.connect({ ...login, reconnect: false }).then(
        async (nc) => {
          const reply = await nc.request("$SYS.REQ.USER.INFO", "");
          await nc.close();
          return reply.json<{ data: { account: string } }>().data.account;
        },
        (error: Error) => error.message,
      );
    };
    await ctx.write([await who(), await who("sys"), await who("app", "wrong")].join(" | "));
    return 0;
  };
  const bench = createBench(program, { world: "preset accounts" });
  await runProgram(bench);
  expect(bench.written.join("")).toBe("APP | SYS | Authorization Violation");
});
