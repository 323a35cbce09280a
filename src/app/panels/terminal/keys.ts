/** Splits what a terminal sends at once into keys: escape sequences whole, text in runs. */
export function splitKeys(data: string): readonly string[] {
  const keys: string[] = [];
  let at = 0;
  while (at < data.length) {
    const end = endOfKey(data, at);
    keys.push(data.slice(at, end));
    at = end;
  }
  return keys;
}

const escapeKey = "\x1b";

function endOfKey(data: string, at: number): number {
  if (data[at] === escapeKey) return endOfSequence(data, at + 1);
  if (isControl(data, at)) return at + 1;
  let end = at + 1;
  while (end < data.length && !isControl(data, end)) end += 1;
  return end;
}

/** `ESC [ numbers letter`, `ESC O letter`, or `ESC` and one key. */
function endOfSequence(data: string, at: number): number {
  const kind = data[at];
  if (kind === "O") return at + 2;
  if (kind !== "[") return at + 1;
  let end = at + 1;
  while (end < data.length && /[0-9;]/.test(data[end] as string)) end += 1;
  return end + 1;
}

function isControl(data: string, at: number): boolean {
  const code = data.charCodeAt(at);
  return code < 0x20 || code === 0x7f;
}
