/** What Tab offers: commands, the grammar of `nats` and of the world, live names, files. Pure. */
import { briefHelp } from "./commands/help.ts";
import { textTools } from "./commands/text/table.ts";
import { worldFamilies } from "./commands/world/programs.ts";
import { type LinePlace, placeInLine } from "./complete-line.ts";
import { completeNats } from "./complete-nats.ts";
import { completeWorld } from "./complete-world.ts";
import { resolvePath } from "./files/paths.ts";
import { builtins } from "./language/builtins/table.ts";

/** What can be named in the world at this moment. Plain data. */
export interface CompletionState {
  readonly cwd: string;
  readonly home: string;
  readonly variables: readonly string[];
  readonly functions: readonly string[];
  /** Every file and folder of the terminal's host. */
  readonly files: readonly { readonly path: string; readonly folder: boolean }[];
  readonly hosts: readonly string[];
  readonly actors: readonly string[];
  readonly streams: readonly StreamNames[];
  readonly buckets: readonly string[];
  /** Ids of lessons, as far as they are known. */
  readonly lessons?: readonly string[];
}

export interface StreamNames {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly consumers: readonly string[];
}

/** One offer: it replaces the line from `start` to the cursor by `text`. */
export interface Completion {
  readonly start: number;
  readonly text: string;
  /** What the list shows. */
  readonly label: string;
  readonly help: string;
  /** True: the word is finished, a blank may follow. False: more may come (`folder/`). */
  readonly final: boolean;
}

/** A word that could stand at the cursor. */
export interface Candidate {
  readonly text: string;
  readonly help: string;
}

/**
 * Offers for the word at `cursor`, in order of text; empty when nothing fits. The grammar of `nats`
 * is known as far as `loadCompletion` brought it.
 */
export function complete(line: string, cursor: number, state: CompletionState): Completion[] {
  const place = placeInLine(line, cursor);
  const variable = /\$\{?(\w*)$/.exec(line.slice(place.start, cursor));
  if (variable !== null && place.quote !== "'") return completeVariable(variable, cursor, state);
  const candidates = candidatesFor(place, state).filter(({ text }) => {
    return text.startsWith(place.partial) && text !== "";
  });
  if (candidates.length === 0 || place.role === "file") return completeFile(place, state);
  const unique = new Map(candidates.map((candidate) => [candidate.text, candidate]));
  return [...unique.values()]
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ text, help }) => offer(place, text, { help, label: text, final: true }));
}

function candidatesFor(place: LinePlace, state: CompletionState): readonly Candidate[] {
  if (place.role === "command") return commandNames(state);
  const [name = "", ...words] = place.words;
  if (name === "nats") return completeNats([...words, place.partial], state);
  if (isFamily(name)) return completeWorld([name, ...words, place.partial], state);
  if (name === "help" || name === "type" || name === "which" || name === "command") {
    return commandNames(state);
  }
  if (name === "kill") return [];
  if (name === "export" || name === "unset")
    return state.variables.map((text) => ({ text, help: "" }));
  if (name === "curl") return monitoringAddresses(state);
  return [];
}

function isFamily(name: string): boolean {
  return (worldFamilies as readonly string[]).includes(name);
}

function commandNames(state: CompletionState): Candidate[] {
  const names = [
    "nats",
    ...worldFamilies,
    ...Object.keys(textTools),
    ...Object.keys(builtins),
    ...state.functions,
  ];
  return names
    .filter((name) => /^[a-z]/i.test(name))
    .map((text) => ({ text, help: briefHelp(text) }));
}

const monitoringPaths = ["varz", "connz", "subsz", "jsz", "accountz", "healthz", "routez"];

function monitoringAddresses(state: CompletionState): Candidate[] {
  return state.hosts.flatMap((host) =>
    monitoringPaths.map((path) => ({ text: `${host}:8222/${path}`, help: "" })),
  );
}

function completeVariable(
  match: RegExpExecArray,
  cursor: number,
  state: CompletionState,
): Completion[] {
  const partial = match[1] as string;
  const braced = match[0].startsWith("${");
  return state.variables
    .filter((name) => name.startsWith(partial))
    .map((name) => ({
      start: cursor - partial.length,
      text: braced ? `${name}}` : name,
      label: `$${name}`,
      help: "",
      final: false,
    }));
}

function completeFile(place: LinePlace, state: CompletionState): Completion[] {
  const slash = place.partial.lastIndexOf("/") + 1;
  const spelled = place.partial.slice(0, slash);
  const partial = place.partial.slice(slash);
  const folder = folderPath(spelled, state);
  const prefix = folder === "/" ? "/" : `${folder}/`;
  return state.files
    .filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes("/"))
    .map(({ path, folder: isFolder }) => ({ name: path.slice(prefix.length), isFolder }))
    .filter(({ name }) => name !== "" && name.startsWith(partial))
    .filter(({ name }) => !name.startsWith(".") || partial.startsWith("."))
    .map(({ name, isFolder }) => {
      const end = isFolder ? "/" : "";
      return offer(place, `${spelled}${name}${end}`, {
        help: "",
        label: `${name}${end}`,
        final: !isFolder,
      });
    });
}

function folderPath(spelled: string, state: CompletionState): string {
  if (spelled === "~/" || spelled.startsWith("~/"))
    return resolvePath(state.home, spelled.slice(2));
  return resolvePath(state.cwd, spelled === "" ? "." : spelled);
}

/** Puts the word's quotes back, or adds what its characters need. */
function offer(
  place: LinePlace,
  text: string,
  rest: Pick<Completion, "help" | "label" | "final">,
): Completion {
  const quoted =
    place.quote !== ""
      ? `${place.quote}${text}${rest.final ? place.quote : ""}`
      : text.replace(/[^A-Za-z0-9_./:@%+,=~{}-]/g, "\\$&");
  return { start: place.start, text: quoted, ...rest };
}
