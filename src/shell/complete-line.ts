/** Finds the word under the cursor and the command that it belongs to, in a line half typed. */

export interface LinePlace {
  /** Words of the command before the one at the cursor, quotes taken off. */
  readonly words: readonly string[];
  /** The word at the cursor as far as it is typed, quotes taken off. */
  readonly partial: string;
  /** Where that word begins in the line. */
  readonly start: number;
  /** The quote that is open at the cursor; empty when none is. */
  readonly quote: "" | "'" | '"';
  /** What the word at the cursor is: a command's name, one of its words, or a redirect's file. */
  readonly role: "command" | "word" | "file";
}

/** Words after which a command's name comes again. */
const openers = new Set(["then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"]);

interface State {
  words: string[];
  word: string;
  wordStart: number;
  open: boolean;
  quote: "" | "'" | '"';
  role: "word" | "file";
}

/** Reads `line` up to `cursor`; never fails, whatever is typed. */
export function placeInLine(line: string, cursor: number): LinePlace {
  const state: State = {
    words: [],
    word: "",
    wordStart: cursor,
    open: false,
    quote: "",
    role: "word",
  };
  for (let at = 0; at < cursor; at += 1) at += readCharacter(state, line, at);
  const isCommand = state.words.length === 0 && state.role === "word";
  return {
    words: state.words,
    partial: state.word,
    start: state.open ? state.wordStart : cursor,
    quote: state.quote,
    role: isCommand ? "command" : state.role,
  };
}

/** Takes the character at `at`; returns how many more it used up. */
function readCharacter(state: State, line: string, at: number): number {
  const c = line[at] as string;
  if (state.quote !== "") {
    if (c === state.quote) state.quote = "";
    else state.word += c;
    return 0;
  }
  if (c === " " || c === "\t") endWord(state);
  else if ("\n;|&(){}`".includes(c) && !(c === "{" && line[at - 1] === "$")) beginCommand(state, c);
  else if (c === "<" || c === ">") {
    endWord(state);
    state.role = "file";
  } else {
    if (!state.open) {
      state.open = true;
      state.wordStart = at;
    }
    if (c === "'" || c === '"') state.quote = c;
    else if (c === "\\" && at + 1 < line.length) {
      state.word += line[at + 1];
      return 1;
    } else state.word += c;
  }
  return 0;
}

function endWord(state: State): void {
  if (!state.open) return;
  const reserved = state.words.length === 0 && openers.has(state.word);
  const assigns = state.words.length === 0 && /^[A-Za-z_]\w*=/.test(state.word);
  if (state.role === "word" && !reserved && !assigns) state.words.push(state.word);
  state.word = "";
  state.open = false;
  state.role = "word";
}

/** A brace may be part of a word (`{a,b}`, `${x}`); any other separator begins a new command. */
function beginCommand(state: State, c: string): void {
  if ((c === "{" || c === "}") && state.open) {
    state.word += c;
    return;
  }
  if (c === "&" && state.role === "file" && !state.open) return; // `2>&1`
  endWord(state);
  state.words = [];
  state.role = "word";
}
