/**
 * Plain data that changes seldom: forks share it until somebody wants to write to it, and then it
 * is copied as a whole. Nothing inside may be reached from outside of the cell.
 */

/** Read `value` freely; what writes to it begins with `ownCell` of fork.ts. */
export interface Cell<T extends object> {
  readonly container: "cell";
  epoch: number;
  /** The root's epoch when it made the value: equal means that nobody shares it. */
  valueEpoch: number;
  value: T;
}

export function createCell<T extends object>(value: T): Cell<T> {
  return { container: "cell", epoch: 0, valueEpoch: 0, value };
}

/** A copy that shares the value; raises the epoch of both, as in log-chunks.ts. */
export function forkCell<T extends object>(cell: Cell<T>): Cell<T> {
  cell.epoch += 1;
  const { epoch, valueEpoch, value } = cell;
  return { container: "cell", epoch, valueEpoch, value };
}
