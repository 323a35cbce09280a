/** The command as a shell sees it: what it prints, and its exit status. */
import { afterEach, expect, test, vi } from "vitest";
import { main } from "./main.ts";

const before = process.exitCode;
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});

/** Runs it in this process; answers its exit status and what it wrote. */
async function outcome(...args: string[]): Promise<{ exit: unknown; out: string; err: string }> {
  const written = { out: "", err: "" };
  const keep = (name: "out" | "err") => (text: string | Uint8Array) => {
    written[name] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(keep("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(keep("err"));
  await main(args);
  return { exit: process.exitCode, ...written };
}

test.each(["run", "sh"])(
  "%s says how it is used when asked, and that is no mistake",
  async (name) => {
    expect(await outcome(name, "--help")).toEqual({
      exit: 0,
      out: expect.stringContaining(`usage: windtunnel ${name}`),
      err: "",
    });
  },
);

test("a wrong flag is a mistake in usage", async () => {
  const { exit, out, err } = await outcome("run", "--bogus");
  expect({ exit, out }).toEqual({ exit: 2, out: "" });
  expect(err).toContain("unknown argument --bogus");
});
