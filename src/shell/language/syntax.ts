/**
 * What a parsed line is: plain data, so that functions, jobs and subshells can be kept in a
 * checkpoint and handed to another process as text.
 *
 *     Script ─ AndOr ─ Pipeline ─ Command ─ Word ─ Part
 */

/** A whole line, or the inside of `{ }`, `( )`, `$( )`, a loop or a branch. */
export type Script = readonly AndOr[];

/** `a && b || c`, perhaps in the background; `text` is its source, as `jobs` shows it. */
export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly op: "&&" | "||"; readonly pipeline: Pipeline }[];
  readonly background: boolean;
  readonly text: string;
}

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export type Command = Simple | Compound;

export interface Simple {
  readonly kind: "simple";
  readonly assigns: readonly Assign[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** Line of the first word, for messages. */
  readonly line: number;
}

export interface Assign {
  readonly name: string;
  readonly value: Word;
  readonly append: boolean;
}

export type Compound =
  | { readonly kind: "subshell"; readonly body: Script; readonly redirects: readonly Redirect[] }
  | { readonly kind: "group"; readonly body: Script; readonly redirects: readonly Redirect[] }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly test: Script; readonly body: Script }[];
      readonly otherwise: Script | null;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "loop";
      readonly until: boolean;
      readonly test: Script;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "for";
      readonly name: string;
      /** Null: over the positional parameters. */
      readonly words: readonly Word[] | null;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "case";
      readonly subject: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Script }[];
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "arithmetic";
      readonly expression: Word;
      readonly redirects: readonly Redirect[];
    }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly body: Command;
      readonly redirects: readonly Redirect[];
    };

/** `fd` is the descriptor on the left; `both` is `&>`; `dup` is `2>&1`; `here` carries its text. */
export interface Redirect {
  readonly fd: number;
  readonly op: "read" | "write" | "append" | "both" | "both-append" | "dup" | "here";
  readonly target: Word;
}

export type Word = readonly Part[];

/** A quoted part is neither split into fields nor matched against file names. */
export type Part =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: "parameter";
      readonly name: string;
      readonly op: ParameterOp | null;
      readonly quoted: boolean;
    }
  | { readonly kind: "command"; readonly body: Script; readonly quoted: boolean }
  | { readonly kind: "arithmetic"; readonly expression: Word; readonly quoted: boolean };

/**
 * What stands after the name in `${name...}`. `default`, `assign`, `error` and `alternative` are
 * `-`, `=`, `?` and `+`; `colon` says that an empty value counts as unset.
 */
export type ParameterOp =
  | { readonly kind: "length" }
  | {
      readonly kind: "default" | "assign" | "error" | "alternative";
      readonly colon: boolean;
      readonly word: Word;
    }
  | {
      readonly kind: "trim";
      readonly end: "front" | "back";
      readonly longest: boolean;
      readonly word: Word;
    }
  | {
      readonly kind: "replace";
      readonly all: boolean;
      readonly anchor: "front" | "back" | null;
      readonly word: Word;
      readonly by: Word;
    }
  | { readonly kind: "slice"; readonly from: Word; readonly length: Word | null };

/**
 * A line that is not a line of shell. Exit status 2, as in bash.
 * `incomplete` says that more input could make it whole: the prompt then asks for another line.
 */
export class ShellSyntaxError extends Error {
  override readonly name = "ShellSyntaxError";
  readonly line: number;
  readonly column: number;
  readonly incomplete: boolean;
  constructor(problem: string, at: { line: number; column: number }, incomplete = false) {
    super(`line ${at.line}, column ${at.column}: ${problem}`);
    this.line = at.line;
    this.column = at.column;
    this.incomplete = incomplete;
  }
}
