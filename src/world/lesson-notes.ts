/**
 * What a lesson was told at a terminal, kept in the world so that seeking, undo, branches and links
 * bring it back. The world knows nothing else of lessons: what they say comes through a door.
 */
import type { VirtualNanos } from "../kernel/index.ts";

/** A guess, a hint that was asked for, a page that was turned. */
export interface LessonNote {
  readonly at: VirtualNanos;
  readonly verb: "guess" | "hint" | "next";
  /** What it is about: a beat or a task of the lesson, by its key. */
  readonly about: string;
  /** The option that was guessed, counted from 1; else 0. */
  readonly value: number;
}

/** What the lessons answer to a line. */
export interface LessonReply {
  readonly exit: 0 | 1;
  /** For the terminal, with its newline. */
  readonly text: string;
  /** What is to be remembered of it. */
  readonly note: Omit<LessonNote, "at"> | null;
}
