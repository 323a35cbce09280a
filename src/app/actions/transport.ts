/** Time, from the page's side: none of this touches the world, only how fast it is driven. */

import type { StepKind } from "../../worker/api.ts";
import type { Speed } from "../../worker/frames.ts";
import { engine } from "../engine.ts";
import { useView } from "../store/view.ts";

export const speeds: readonly Speed[] = [
  1 / 64,
  1 / 16,
  1 / 8,
  1 / 4,
  1 / 2,
  1,
  2,
  4,
  10,
  100,
  1000,
  "flat-out",
  "fit",
];

let chosen: Speed = 1;

export function play(speed: Speed = chosen): Promise<void> {
  chosen = speed;
  return engine().play(speed);
}

export function pause(): Promise<void> {
  return engine().play(null);
}

export function togglePlay(): Promise<void> {
  return useView.getState().run.playing ? pause() : play();
}

/** Chooses a speed; time that stands still keeps standing. */
export function chooseSpeed(speed: Speed): Promise<void> {
  chosen = speed;
  useView.setState((view) => ({ run: { ...view.run, speed } }));
  return useView.getState().run.playing ? play(speed) : Promise.resolve();
}

export function changeSpeed(by: 1 | -1): Promise<void> {
  const here = speeds.indexOf(chosen);
  const next = speeds[Math.max(0, Math.min(speeds.length - 1, here + by))];
  return chooseSpeed(next ?? 1);
}

export function rememberSpeed(speed: Speed): void {
  chosen = speed;
}

export function step(kind: StepKind, back = false): Promise<number> {
  return engine().step(kind, back);
}

export function seek(at: number): Promise<number> {
  return engine().seek(Math.max(0, Math.round(at)));
}

export function toEnd(): Promise<number> {
  return seek(useView.getState().session.end);
}
