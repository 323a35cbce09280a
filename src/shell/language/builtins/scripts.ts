/** `eval` and `source`: text becomes commands of this very shell. */
import { resolvePath } from "../../files/paths.ts";
import { parseScript } from "../parser.ts";
import { type Call, refuse } from "./call.ts";

export async function evaluate(call: Call): Promise<number> {
  const script = parseScript(call.args.join(" "));
  return script.length === 0 ? 0 : call.shell.run(script, call.fds);
}

export async function source(call: Call): Promise<number> {
  const { shell } = call;
  const [name, ...args] = call.args;
  if (name === undefined) return refuse(call, "the name of a file is missing", 2);
  const path = resolvePath(shell.state.cwd, name);
  const entry = await shell.context.stat(path);
  if (entry === null || entry.folder) return refuse(call, `${name}: No such file or directory`);
  const script = parseScript(new TextDecoder().decode(await shell.context.readFile(path)));
  const before = shell.state.positional;
  if (args.length > 0) shell.state.positional = args;
  const status = await shell.run(script, call.fds);
  shell.state.positional = before;
  const { unwind } = shell.state;
  if (unwind?.kind !== "return") return status;
  shell.state.unwind = null;
  return unwind.status;
}
