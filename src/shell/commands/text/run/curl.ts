/** `curl [-sSfiLo FILE] URL`: asks the monitoring ports of the world's servers. */
import { defineTool, pathOf, print, readOptions, type Tool, ToolError } from "../tool.ts";

interface Address {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export const curl = defineTool("curl", async (tool) => {
  const { given, values, rest } = readOptions(tool.args, "sSfiLkvI", "oXHm", {
    silent: "s",
    "show-error": "S",
    fail: "f",
    include: "i",
    location: "L",
    output: "o",
    request: "X",
    header: "H",
    "max-time": "m",
  });
  const [url] = rest;
  if (url === undefined) throw new ToolError("(2) no URL specified", 2);
  const method = values.get("X") ?? "GET";
  if (method !== "GET")
    throw new ToolError(`(1) ${method} is not simulated; monitoring is read with GET`, 1);
  const quiet = given.has("s") && !given.has("S");
  const reply = await ask(tool, addressOf(url), quiet);
  if (reply === null) return tool.status;
  if (given.has("f") && reply.status >= 400) {
    if (!quiet) await say(tool, `(22) The requested URL returned error: ${reply.status}`);
    return 22;
  }
  const type = `Content-Type: ${reply.contentType}`;
  const head =
    given.has("i") || given.has("I") ? `HTTP/1.1 ${reply.status}\r\n${type}\r\n\r\n` : "";
  const body = given.has("I") ? "" : reply.body;
  const file = values.get("o");
  if (file === undefined) await print(tool, head + body);
  else await tool.context.writeFile(pathOf(tool, file), head + body);
  return 0;
});

function addressOf(url: string): Address {
  const match = /^(?:(\w+):\/\/)?([^/:?#]+)(?::(\d+))?(\/[^#]*)?/.exec(url);
  if (match === null) throw new ToolError("(3) URL rejected: no host part in the URL", 3);
  const [, scheme = "http", host = "", port, path = "/"] = match;
  if (scheme !== "http") throw new ToolError(`(1) Protocol "${scheme}" not supported`, 1);
  return { host, port: Number(port ?? 80), path };
}

async function ask(
  tool: Tool,
  address: Address,
  quiet: boolean,
): Promise<{ status: number; contentType: string; body: string } | null> {
  try {
    return await tool.context.http(address.host, address.port, address.path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const unknown = /resolve|unknown host|ENOTFOUND/i.test(reason);
    tool.status = unknown ? 6 : 7;
    const place = unknown ? address.host : `${address.host} port ${address.port}`;
    const what = unknown ? "(6) Could not resolve host:" : "(7) Failed to connect to";
    if (!quiet) await say(tool, `${what} ${place}`);
    return null;
  }
}

async function say(tool: Tool, text: string): Promise<void> {
  await tool.context.writeError(`curl: ${text}\n`);
}
