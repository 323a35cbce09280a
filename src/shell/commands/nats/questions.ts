// How questions look on a terminal: a mark, the message, the answer typed after it.
// Source of the layout: survey v2.3.7 as natscli v0.4.0 sets it up.

import type { NatsContext } from "./context.ts";
import type { Choice, Question } from "./prompts.ts";

const mark = "?";

async function typedLine(ctx: NatsContext): Promise<string> {
  for await (const line of ctx.process.stdin.lines()) return line;
  return "";
}

/** Yes or no, again until it is one of them; Enter takes the preset. */
export async function askYesNo(
  ctx: NatsContext,
  question: string,
  preset: boolean,
): Promise<boolean> {
  for (;;) {
    await ctx.process.write(`${mark} ${question} ${preset ? "(Y/n)" : "(y/N)"} `);
    const answer = (await typedLine(ctx)).trim();
    if (answer === "") return preset;
    if (/^y(es)?$/i.test(answer)) return true;
    if (/^no?$/i.test(answer)) return false;
    await ctx.process.write(
      `X Sorry, your reply was invalid: "${answer}" is not a valid answer, please try again.\n`,
    );
  }
}

/** A line of text; Enter takes the preset; a required one is asked for again. */
export async function askLine(ctx: NatsContext, question: Question): Promise<string> {
  for (;;) {
    const preset = question.preset ? `(${question.preset}) ` : "";
    await ctx.process.write(`${mark} ${question.message} ${preset}`);
    const answer = (await typedLine(ctx)) || (question.preset ?? "");
    if (answer !== "" || !question.required) return answer;
    await ctx.process.write("X Sorry, your reply was invalid: Value is required\n");
  }
}

/** One of several, by number or name. */
export async function pick(ctx: NatsContext, choice: Choice): Promise<string> {
  await ctx.process.write(`${mark} ${choice.message}\n`);
  for (const [i, option] of choice.options.entries()) {
    await ctx.process.write(`  ${i + 1} ${option}\n`);
  }
  for (;;) {
    const answer = (await typedLine(ctx)).trim() || (choice.preset ?? choice.options[0] ?? "");
    const chosen = choice.options[Number(answer) - 1] ?? answer;
    if (choice.options.includes(chosen)) return chosen;
  }
}
