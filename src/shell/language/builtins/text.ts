/** `echo`, `printf` and `test`, run without a process of their own. */

import { echoText } from "../../commands/text/echo.ts";
import { formatText } from "../../commands/text/printf.ts";
import { evaluateTest, TestError } from "../../commands/text/test.ts";
import { resolvePath } from "../../files/paths.ts";
import { setVariable } from "../state.ts";
import { type Call, print, refuse } from "./call.ts";

export async function echoBuiltin(call: Call): Promise<number> {
  await print(call, echoText(call.args));
  return 0;
}

export async function printfBuiltin(call: Call): Promise<number> {
  const [option, variable = "", ...rest] = call.args;
  const intoVariable = option === "-v";
  const [format, ...values] = intoVariable ? rest : call.args;
  if (format === undefined) return refuse(call, "a format is missing", 2);
  const { text, problems } = formatText(format, values);
  if (intoVariable) setVariable(call.shell.state, variable, text);
  else await print(call, text);
  for (const problem of problems) await refuse(call, problem);
  return problems.length > 0 ? 1 : 0;
}

export async function testBuiltin(call: Call): Promise<number> {
  const closer = call.name === "[" ? "]" : call.name === "[[" ? "]]" : null;
  if (closer !== null && call.args.at(-1) !== closer) return refuse(call, `missing '${closer}'`, 2);
  const { state, context } = call.shell;
  const operands = closer === null ? call.args : call.args.slice(0, -1);
  try {
    const holds = await evaluateTest(operands, {
      stat: (path) => context.stat(resolvePath(state.cwd, path)),
      isTerminal: (fd) => [context.tty.in, context.tty.out, context.tty.err][fd] ?? false,
      isSet: (name) => state.variables.has(name),
    });
    return holds ? 0 : 1;
  } catch (error) {
    if (error instanceof TestError) return refuse(call, error.message, 2);
    throw error;
  }
}
