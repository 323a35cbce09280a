/**
 * For property tests only: runs random operations over a container and its model while forking
 * both, so that histories part and every branch is held to its own model.
 */
import { fork } from "./fork.ts";

/** One drawn operation: which history, what to do, and two numbers to do it with. */
export type HistoryStep = readonly [history: number, what: number, x: number, y: number];

export interface HistorySpec<C, M> {
  readonly container: C;
  readonly model: M;
  readonly cloneModel: (model: M) => M;
  /** Applies one operation to both and compares what they answer. */
  readonly apply: (container: C, model: M, step: HistoryStep) => void;
  /** Compares the whole contents. */
  readonly check: (container: C, model: M) => void;
}

const historiesMax = 6;

/** Operation 0 forks the chosen history; all others go to `apply`. */
export function runHistories<C, M>(spec: HistorySpec<C, M>, steps: readonly HistoryStep[]): void {
  const histories = [{ container: spec.container, model: spec.model }];
  for (const step of steps) {
    const i = step[0] % histories.length;
    const history = histories[i];
    if (history === undefined) continue;
    if (step[1] !== 0) {
      spec.apply(history.container, history.model, step);
      continue;
    }
    const copy = { container: fork(history.container), model: spec.cloneModel(history.model) };
    if (histories.length < historiesMax) histories.push(copy);
    else histories[(i + 1) % historiesMax] = copy;
  }
  for (const history of histories) spec.check(history.container, history.model);
}
