/** Text in quotes as Go's `strconv.Quote` writes it. */

/** Go's `%q`. */
export function encodeGoQuote(text: string): string {
  let made = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === "\\") made += `\\${char}`;
    else if (char === "\n") made += "\\n";
    else if (char === "\r") made += "\\r";
    else if (char === "\t") made += "\\t";
    else if (code < 0x20 || code === 0x7f) made += `\\x${code.toString(16).padStart(2, "0")}`;
    else made += char;
  }
  return `${made}"`;
}
