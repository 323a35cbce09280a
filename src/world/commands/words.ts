/** Splits a line into words as a shell would, as long as it needs no shell. */

/** The words of a line; null when it holds something that only a shell understands. */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at])) {
      at++;
      continue;
    }
    if (line[at] === "#") return words;
    const word = readWord(line, at);
    if (word === null) return null;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

const shellCharacters = "|&;<>()$`*?~{}";

function readWord(line: string, start: number): { text: string; end: number } | null {
  let text = "";
  let at = start;
  while (at < line.length && !isBlank(line[at])) {
    const c = line[at] ?? "";
    if (c === "'" || c === '"') {
      const close = line.indexOf(c, at + 1);
      if (close < 0) return null;
      const inside = line.slice(at + 1, close);
      // Inside double quotes a shell still expands variables and reads escapes.
      if (c === '"' && /[$`\\]/.test(inside)) return null;
      text += inside;
      at = close + 1;
    } else if (c === "\\" || shellCharacters.includes(c)) {
      return null;
    } else {
      text += c;
      at++;
    }
  }
  return { text, end: at };
}

function isBlank(c: string | undefined): boolean {
  return c === " " || c === "\t" || c === "\n" || c === "\r";
}
