/** The subject of an import and what it is called here: `orders.*` and `theirs.*`, or `t.$1.x`. */
import { compileTransform, isWildcard, type Transform } from "../../protocol/index.ts";

/** How the wildcards of an exported subject stand in its name here. */
export interface SubjectPair {
  /** What it is called there. */
  readonly subject: string;
  /** What it is called here, with `*` for each wildcard. */
  readonly to: string;
  /** For each `*` of `to` the number of the wildcard of `subject`, from 0. */
  readonly order: readonly number[];
}

const placeholder = /^(?:\$(\d+)|\{\{\s*wildcard\((\d+)\)\s*\}\})$/i;

/** Source: nats-server `transformTokenize`, `transformUntokenize`. */
export function subjectPair(subject: string, to: string): SubjectPair {
  const order: number[] = [];
  const tokens = to.split(".").map((token) => {
    const [, dollar, call] = placeholder.exec(token) ?? [];
    const number = dollar ?? call;
    if (number === undefined && token !== "*") return token;
    order.push(number === undefined ? order.length : Number(number) - 1);
    return "*";
  });
  return { subject, to: tokens.join("."), order };
}

/**
 * As {@link subjectPair}, of a stream. One without wildcards has the name here for all to see, even
 * when that reads like a pattern. Source: nats-server `addStreamImportWithClaim`.
 */
export function streamPair(subject: string, to: string): SubjectPair {
  return isWildcard(subject) ? subjectPair(subject, to) : { subject, to, order: [] };
}

/** From the name there to the name here; null when nothing changes. Throws `TransformError`. */
export function streamTransform(pair: SubjectPair): Transform | null {
  const { subject, to } = pair;
  if (isWildcard(subject)) return transformHere(pair);
  if (subject === to) return null;
  const named: Transform["parts"][number] = { kind: "literal", text: to, tokens: [], number: 0 };
  const sourceTokens = subject.split(".");
  return { source: subject, destination: to, sourceTokens, parts: [named] };
}

/** From the name there to the name here; null when nothing changes. Throws `TransformError`. */
export function transformHere({ subject, to, order }: SubjectPair): Transform | null {
  if (subject === to && isInOrder(order)) return null;
  return compileTransform(
    subject,
    numbered(to, (at) => (order[at] ?? 0) + 1),
  );
}

/** From the name here to the name there; null when nothing changes. Throws `TransformError`. */
export function transformThere({ subject, to, order }: SubjectPair): Transform | null {
  if (subject === to && isInOrder(order)) return null;
  return compileTransform(
    to,
    numbered(subject, (at) => order.indexOf(at) + 1),
  );
}

/**
 * The name there of a subject that lies within the name here; wildcards stay what they are.
 * Source: nats-server `subjectTransform.reverse`.
 */
export function nameThere({ subject, to, order }: SubjectPair, within: string): string {
  const tokens = within.split(".");
  const places = to.split(".").flatMap((token, at) => (token === "*" ? [at] : []));
  let wildcard = 0;
  return subject
    .split(".")
    .flatMap((token) => {
      if (token === ">") return tokens.slice(to.split(".").length - 1);
      return token === "*" ? [tokens[places[order.indexOf(wildcard++)] ?? 0] ?? "*"] : [token];
    })
    .join(".");
}

function numbered(pattern: string, numberAt: (at: number) => number): string {
  if (!isWildcard(pattern)) return pattern;
  let at = 0;
  return pattern
    .split(".")
    .map((token) => (token === "*" ? `{{wildcard(${numberAt(at++)})}}` : token))
    .join(".");
}

function isInOrder(order: readonly number[]): boolean {
  return order.every((number, at) => number === at);
}
