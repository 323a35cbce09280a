/** Fields under construction: how the pieces of a word join and divide. */

/** A stretch of a field; quoted text is not matched against file names. */
export interface Segment {
  readonly text: string;
  readonly quoted: boolean;
}

export type Field = Segment[];

export interface Builder {
  readonly fields: Field[];
  current: Field | null;
  /** The value of IFS. */
  readonly separators: string;
  /** False where no splitting takes place: in assignments, redirects, `case`. */
  readonly split: boolean;
}

/** Appends the positional parameters: `"$*"` joined, else each its own field. */
export function appendList(
  builder: Builder,
  list: readonly string[],
  joined: boolean,
  quoted: boolean,
): void {
  if (joined) {
    append(builder, list.join(builder.separators.slice(0, 1)), true);
    return;
  }
  list.forEach((item, i) => {
    if (i > 0) endField(builder);
    appendValue(builder, item, quoted);
  });
}

/** Appends what an expansion gave; unquoted, it is split. */
export function appendValue(builder: Builder, value: string, quoted: boolean): void {
  if (quoted) append(builder, value, true);
  else appendSplit(builder, value);
}

export function append(builder: Builder, text: string, quoted: boolean): void {
  builder.current ??= [];
  builder.current.push({ text, quoted });
}

export function endField(builder: Builder): void {
  if (builder.current !== null) builder.fields.push(builder.current);
  builder.current = null;
}

/** Splits at IFS: blanks at the ends vanish, a run of them divides once, others divide each. */
export function appendSplit(builder: Builder, text: string): void {
  if (!builder.split || builder.separators === "") {
    if (text !== "") append(builder, text, false);
    return;
  }
  const isSeparator = (c: string): boolean => builder.separators.includes(c);
  const isBlank = (c: string | undefined): boolean =>
    c !== undefined && " \t\n".includes(c) && isSeparator(c);
  let i = 0;
  while (i < text.length) {
    const start = i;
    while (i < text.length && !isSeparator(text[i] as string)) i += 1;
    if (i > start) append(builder, text.slice(start, i), false);
    if (i >= text.length) return;
    while (isBlank(text[i])) i += 1;
    const divides = i < text.length && isSeparator(text[i] as string);
    if (divides) {
      i += 1;
      builder.current ??= [];
    }
    endField(builder);
    while (divides && isBlank(text[i])) i += 1;
  }
}
