/** Where the slots of a tape lie along its ruler. */
import type { CellView } from "../../../../worker/frames.ts";

/** Lengths along the tape; across it the lane decides. */
export interface Ruler {
  readonly slot: number;
  readonly merged: number;
  readonly gap: number;
}

export const wideRuler: Ruler = { slot: 22, merged: 34, gap: 4 };
export const plainRuler: Ruler = { slot: 24, merged: 36, gap: 4 };
export const tallRuler: Ruler = { slot: 21, merged: 31, gap: 4 };

export function cellLength(cell: CellView, ruler: Ruler): number {
  return cell.from === cell.to ? ruler.slot : ruler.merged;
}

/** Start of the `index`th cell, measured from the start of the tape. */
export function cellStart(cells: readonly CellView[], index: number, ruler: Ruler): number {
  let at = 0;
  for (let i = 0; i < index; i += 1) at += cellLength(cells[i] as CellView, ruler) + ruler.gap;
  return at;
}

/** Middle of the slot that holds a sequence; null when it is not on the tape. */
export function seqMiddle(cells: readonly CellView[], seq: number, ruler: Ruler): number | null {
  let at = 0;
  for (const cell of cells) {
    const length = cellLength(cell, ruler);
    if (seq <= cell.to) {
      if (seq < cell.from) return at - ruler.gap / 2;
      const inside = (seq - cell.from + 0.5) / (cell.to - cell.from + 1);
      return at + length * inside;
    }
    at += length + ruler.gap;
  }
  return null;
}

/** Which cell holds a sequence; -1 when none does. */
export function cellOf(cells: readonly CellView[], seq: number): number {
  for (let i = 0; i < cells.length; i += 1) {
    const { from, to } = cells[i] as CellView;
    if (seq <= to) return seq < from ? -1 : i;
  }
  return -1;
}

/** The edge just after a sequence: where a needle or a floor stands. */
export function seqEdge(cells: readonly CellView[], seq: number, ruler: Ruler): number {
  let at = -ruler.gap / 2;
  for (const cell of cells) {
    if (seq < cell.from) return at;
    const length = cellLength(cell, ruler) + ruler.gap;
    if (seq < cell.to) return at + length * ((seq - cell.from + 1) / (cell.to - cell.from + 1));
    at += length;
  }
  return at;
}
