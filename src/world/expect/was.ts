/** `was(EXPRESSION)`: what an expression gave just before the first line of this instant. */

/** The variable that stands for the remembered values in a rewritten predicate. */
export const wasName = "remembered_values";

export interface SplitPredicate {
  /** The predicate with each `was(...)` replaced by a remembered value. */
  readonly text: string;
  /** The expressions inside, in order. */
  readonly inner: readonly string[];
}

/** Takes the `was(...)` calls out of a predicate. */
export function splitWas(predicate: string): SplitPredicate {
  const inner: string[] = [];
  let text = "";
  let at = 0;
  while (at < predicate.length) {
    const c = predicate[at] ?? "";
    if (c === '"' || c === "'") {
      const end = endOfText(predicate, at);
      text += predicate.slice(at, end);
      at = end;
    } else if (startsCall(predicate, at)) {
      const open = predicate.indexOf("(", at);
      const close = closingParenthesis(predicate, open);
      text += `${wasName}[${inner.length}]`;
      inner.push(predicate.slice(open + 1, close));
      at = close + 1;
    } else {
      text += c;
      at++;
    }
  }
  return { text, inner };
}

function startsCall(text: string, at: number): boolean {
  if (!/^was\s*\(/.test(text.slice(at, at + 16))) return false;
  const before = text[at - 1];
  return before === undefined || !/[\w.]/.test(before);
}

/** Where the parenthesis that opens at `open` closes; the end of the text when it does not. */
function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  let at = open;
  while (at < text.length) {
    const c = text[at];
    if (c === '"' || c === "'") {
      at = endOfText(text, at);
      continue;
    }
    if (c === "(") depth++;
    if (c === ")" && --depth === 0) return at;
    at++;
  }
  return text.length;
}

function endOfText(text: string, quote: number): number {
  const close = text.indexOf(text[quote] ?? "", quote + 1);
  return close < 0 ? text.length : close + 1;
}
