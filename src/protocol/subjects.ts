/** Subjects: tokens between dots, `*` for one, a final `>` for one or more. */

const dot = 0x2e;
const star = 0x2a;
const arrow = 0x3e;

/** Source: nats-server `IsValidSubject`: no empty token, no white space, `>` last. */
export function isValidSubject(subject: string): boolean {
  if (subject === "") return false;
  let start = 0;
  for (let i = 0; i <= subject.length; i++) {
    const code = i < subject.length ? subject.charCodeAt(i) : dot;
    if (code === dot) {
      if (i === start) return false;
      const isArrow = i === start + 1 && subject.charCodeAt(start) === arrow;
      if (isArrow && i < subject.length) return false;
      start = i + 1;
    } else if (isBlank(code)) return false;
  }
  return true;
}

/**
 * No empty token and no wildcard token; white space is not looked at.
 * Source: nats-server `IsValidLiteralSubject`, the check of a pedantic publish.
 */
export function isValidLiteral(subject: string): boolean {
  return everyToken(subject, (first, length) => {
    return length > 0 && !(length === 1 && (first === star || first === arrow));
  });
}

/** Valid, and without wildcards. Source: nats-server `IsValidPublishSubject`. */
export function isValidPublishSubject(subject: string): boolean {
  return isValidSubject(subject) && !isWildcard(subject);
}

/** True when nothing stands before, after or between dots: such a subject reaches nobody. */
export function hasEmptyToken(subject: string): boolean {
  return (
    subject === "" || subject.startsWith(".") || subject.endsWith(".") || subject.includes("..")
  );
}

/** Whether a token is `*` or `>`. */
export function isWildcard(subject: string): boolean {
  for (let i = 0; i < subject.length; i++) {
    const code = subject.charCodeAt(i);
    if (code !== star && code !== arrow) continue;
    const opens = i === 0 || subject.charCodeAt(i - 1) === dot;
    if (opens && (i + 1 === subject.length || subject.charCodeAt(i + 1) === dot)) return true;
  }
  return false;
}

/** The token at `index`, from 0, or "". */
export function tokenAt(subject: string, index: number): string {
  let start = 0;
  for (let at = 0; at < index; at++) {
    const end = subject.indexOf(".", start);
    if (end < 0) return "";
    start = end + 1;
  }
  const end = subject.indexOf(".", start);
  return end < 0 ? subject.slice(start) : subject.slice(start, end);
}

export function tokenCount(subject: string): number {
  if (subject === "") return 0;
  let count = 1;
  for (let i = 0; i < subject.length; i++) if (subject.charCodeAt(i) === dot) count++;
  return count;
}

/**
 * Whether a literal `subject` is one that `pattern` stands for. Walks both in place.
 * A wildcard token in `subject` counts as an ordinary token here; see {@link isSubsetOf}.
 */
export function subjectMatches(pattern: string, subject: string): boolean {
  let p = 0;
  let s = 0;
  for (;;) {
    const code = pattern.charCodeAt(p);
    const ends = p + 1 === pattern.length;
    if (code === arrow && ends && (p === 0 || pattern.charCodeAt(p - 1) === dot)) {
      return s < subject.length;
    }
    if (code === star && (ends || pattern.charCodeAt(p + 1) === dot)) {
      const start = s;
      while (s < subject.length && subject.charCodeAt(s) !== dot) s++;
      if (s === start) return false;
      p++;
    } else {
      while (p < pattern.length && pattern.charCodeAt(p) !== dot) {
        if (pattern.charCodeAt(p) !== subject.charCodeAt(s)) return false;
        p++;
        s++;
      }
    }
    const patternDone = p >= pattern.length;
    const subjectDone = s >= subject.length;
    if (patternDone || subjectDone) return patternDone && subjectDone;
    if (subject.charCodeAt(s) !== dot) return false;
    p++;
    s++;
  }
}

/** Whether some literal subject matches both. Source: nats-server `SubjectsCollide`. */
export function subjectsCollide(a: string, b: string): boolean {
  if (a === b) return true;
  const left = a.split(".");
  const right = b.split(".");
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const x = left[i] ?? "";
    const y = right[i] ?? "";
    if (x === "" || y === "") return false;
    if (x === ">" || y === ">") return true;
    if (x !== y && x !== "*" && y !== "*") return false;
  }
  return left.length === right.length;
}

/**
 * Whether every subject that `subject` (a pattern or a literal) stands for matches `pattern`.
 * Source: nats-server `subjectIsSubsetMatch`.
 */
export function isSubsetOf(subject: string, pattern: string): boolean {
  const inner = subject.split(".");
  const outer = pattern.split(".");
  for (let i = 0; i < outer.length; i++) {
    if (i >= inner.length) return false;
    const o = outer[i] ?? "";
    const t = inner[i] ?? "";
    if (o === "") return false;
    if (o === ">") return true;
    if (t === "" || t === ">") return false;
    if (t === "*" ? o !== "*" : o !== "*" && o !== t) return false;
  }
  return inner.length === outer.length;
}

/** Blank, tab, line feed, form feed, carriage return. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d;
}

function everyToken(
  subject: string,
  holds: (firstCode: number, length: number) => boolean,
): boolean {
  let start = 0;
  for (let i = 0; i <= subject.length; i++) {
    if (i < subject.length && subject.charCodeAt(i) !== dot) continue;
    if (!holds(subject.charCodeAt(start), i - start)) return false;
    start = i + 1;
  }
  return true;
}
