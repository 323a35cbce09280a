/** Which world this is, whether its time runs, and what went wrong. */
import type { StateCreator } from "zustand";
import type { EngineFault } from "../../worker/api.ts";
import type { RunView, SessionView, TerminalView } from "../../worker/frames.ts";
import type { View } from "./view.ts";

export type Trouble =
  | { readonly kind: "rule"; readonly fault: EngineFault }
  | { readonly kind: "crash"; readonly message: string; readonly journal: string }
  | { readonly kind: "notice"; readonly message: string };

export interface SessionSlice {
  readonly run: RunView;
  readonly session: SessionView;
  readonly terminals: readonly TerminalView[];
  /** The journal as scenario text: what autosave stores, what a crash is replayed from. */
  readonly journal: string;
  readonly trouble: Trouble | null;
  readonly connected: boolean;
  keepJournal(text: string): void;
  report(trouble: Trouble | null): void;
  connect(): void;
}

export const createSessionSlice: StateCreator<View, [], [], SessionSlice> = (set) => ({
  run: { playing: false, speed: 1, pace: 0 },
  session: {
    title: "",
    scenario: null,
    seed: 1,
    branch: 0,
    branches: [{ id: 0, name: "main", parent: null, forkedAt: null, end: 0 }],
    undo: null,
    redo: null,
    end: 0,
  },
  terminals: [],
  journal: "",
  trouble: null,
  connected: false,
  keepJournal: (journal) => set({ journal }),
  report: (trouble) => set({ trouble }),
  connect: () => set({ connected: true }),
});

export const selectRun = (view: View) => view.run;
export const selectPlaying = (view: View) => view.run.playing;
export const selectTitle = (view: View) => view.session.title;
export const selectScenario = (view: View) => view.session.scenario;
/** The latest moment of this branch: moves with time, as nothing else of the session does. */
export const selectEnd = (view: View) => view.session.end;
export const selectTerminals = (view: View) => view.terminals;
export const selectTrouble = (view: View) => view.trouble;
