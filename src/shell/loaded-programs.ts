/**
 * Programs whose code is a chunk of its own: it comes with their first use, and the world stands
 * still meanwhile. So a page is at its prompt sooner, and nothing in the world can tell.
 */
import { load, type Program } from "../clients/index.ts";
import { type TextToolName, textTools } from "./commands/text/table.ts";
import { placeInLine } from "./complete-line.ts";

type NatsModule = typeof import("./commands/nats/app.ts");
type TextModule = typeof import("./commands/text/programs.ts");
type NatsGrammar = Awaited<ReturnType<NatsModule["natsGrammar"]>>;

let grammar: NatsGrammar | null = null;

/** Brings ahead of its first use what every line of `nats` needs; its commands come with theirs. */
export async function loadNatsProgram(): Promise<void> {
  await loadNats();
}

/** Brings every program whole. */
export async function loadPrograms(): Promise<void> {
  grammar = await (await loadNats()).wholeNatsGrammar();
  await loadText();
}

/** Brings what completing this line needs. */
export async function loadCompletion(line: string, cursor: number): Promise<void> {
  const [name, ...words] = placeInLine(line, cursor).words;
  if (name === "nats") grammar = await (await loadNats()).natsGrammar(words);
}

/** The grammar of `nats` as far as it was loaded; null when it never was. */
export function natsGrammar(): NatsGrammar | null {
  return grammar;
}

export const natsProgram: Program = async (context) => (await loadNats()).natsProgram(context);

/** Every text tool by its name. */
export function textToolPrograms(): Record<string, Program> {
  const programs: Record<string, Program> = {};
  for (const name of Object.keys(textTools) as TextToolName[]) {
    programs[name] = async (context) => (await loadText()).textPrograms[name](context);
  }
  return programs;
}

/** `which`, over the names of every program. */
export function whichProgram(known: () => ReadonlySet<string>): Program {
  return async (context) => (await loadText()).whichProgram(known)(context);
}

function loadNats(): Promise<NatsModule> {
  return load(() => import("./commands/nats/app.ts"));
}

function loadText(): Promise<TextModule> {
  return load(() => import("./commands/text/programs.ts"));
}
