/** The first sixty seconds: which beat the visitor has reached. */
import type { StateCreator } from "zustand";
import type { View } from "./view.ts";

/** What the visitor is asked for next; `null` once the landing scene is left. */
export type Beat = "stop" | "lose" | "guess" | "run" | "write" | "doors";
export type Guess = "again" | "done";

export interface LandingSlice {
  readonly beat: Beat | null;
  readonly guess: Guess | null;
  toBeat(beat: Beat | null): void;
  takeGuess(guess: Guess): void;
}

export const createLandingSlice: StateCreator<View, [], [], LandingSlice> = (set) => ({
  beat: null,
  guess: null,
  toBeat: (beat) => set({ beat }),
  takeGuess: (guess) => set({ guess }),
});

export const selectBeat = (view: View) => view.beat;
export const selectGuess = (view: View) => view.guess;
