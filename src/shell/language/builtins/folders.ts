/** `cd` and `pwd`. */
import { resolvePath } from "../../files/paths.ts";
import { getVariable, setVariable } from "../state.ts";
import { type Call, print, refuse } from "./call.ts";

export async function changeFolder(call: Call): Promise<number> {
  const { state, context } = call.shell;
  const [asked] = call.args;
  const back = asked === "-";
  const target = back ? getVariable(state, "OLDPWD") : (asked ?? getVariable(state, "HOME"));
  if (target === null) return refuse(call, back ? "OLDPWD not set" : "HOME not set");
  const path = resolvePath(state.cwd, target);
  const entry = path === "/" ? null : await context.stat(path);
  if (path !== "/" && entry === null) return refuse(call, `${target}: No such file or directory`);
  if (entry !== null && !entry.folder) return refuse(call, `${target}: Not a directory`);
  setVariable(state, "OLDPWD", state.cwd, true);
  setVariable(state, "PWD", path, true);
  state.cwd = path;
  if (back) await print(call, `${path}\n`);
  return 0;
}

export async function printFolder(call: Call): Promise<number> {
  await print(call, `${call.shell.state.cwd}\n`);
  return 0;
}
