/**
 * Programs whose code is a chunk of its own: it comes with their first use, and the world stands
 * still meanwhile. So a page is at its prompt sooner, and nothing in the world can tell.
 */
import { load, type Program } from "../clients/index.ts";
import { type TextToolName, textTools } from "./commands/text/table.ts";

type NatsModule = typeof import("./commands/nats/app.ts");
type TextModule = typeof import("./commands/text/programs.ts");

let nats: NatsModule | null = null;

/** Brings everything ahead of its first use; completion of `nats` needs it. */
export async function loadPrograms(): Promise<void> {
  await loadNats();
  await loadText();
}

/** The grammar of `nats` once it was loaded. */
export function natsGrammar(): NatsModule["natsApplication"] | null {
  return nats?.natsApplication ?? null;
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

async function loadNats(): Promise<NatsModule> {
  nats = await load(() => import("./commands/nats/app.ts"));
  return nats;
}

function loadText(): Promise<TextModule> {
  return load(() => import("./commands/text/programs.ts"));
}
