/** Kinds of characters in a configuration file. */

/** The end of the text reads as this. */
export const eof = "";

/** The character as error texts show it. */
export function shown(char: string): string {
  if (char === eof) return "\0";
  return char === "\n" ? "\\n" : char;
}

export function isBlank(char: string): boolean {
  return char === " " || char === "\t";
}

export function isNewline(char: string): boolean {
  return char === "\n" || char === "\r";
}

export function isSpace(char: string): boolean {
  return char !== eof && /\s/.test(char);
}

export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}
