/** Every builtin by its name. */
import type { Builtin } from "./call.ts";
import { breakLoop, continueLoop, exitShell, returnFromFunction } from "./flow.ts";
import { changeFolder, printFolder } from "./folders.ts";
import { foreground, jobs, kill, wait } from "./jobs.ts";
import { alias, clear, command, help, history, type, unalias } from "./names.ts";
import { evaluate, source } from "./scripts.ts";
import { echoBuiltin, printfBuiltin, testBuiltin } from "./text.ts";
import { exportNames, letArithmetic, local, read, set, shift, unset } from "./variables.ts";

const succeed: Builtin = async () => 0;
const failed: Builtin = async () => 1;

export const builtins: Readonly<Record<string, Builtin>> = {
  ":": succeed,
  ".": source,
  "[": testBuiltin,
  "[[": testBuiltin,
  alias,
  break: breakLoop,
  cd: changeFolder,
  clear,
  command,
  continue: continueLoop,
  echo: echoBuiltin,
  eval: evaluate,
  exit: exitShell,
  export: exportNames,
  false: failed,
  fg: foreground,
  help,
  history,
  jobs,
  kill,
  let: letArithmetic,
  local,
  printf: printfBuiltin,
  pwd: printFolder,
  read,
  return: returnFromFunction,
  set,
  shift,
  source,
  test: testBuiltin,
  true: succeed,
  type,
  unalias,
  unset,
  wait,
};
