/** Where the single slots of a tape are, by sequence. */
import type { CellView } from "../../../../worker/frames.ts";
import type { TapePlace } from "../layout/scene.ts";
import { cellLength, type Ruler } from "../layout/tape.ts";

export interface SlotBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether its slot is filled, so that marks on it take the colour of the paper. */
  readonly isSolid: boolean;
}

/** Measured from the start of the tape. */
export function slotBoxes(
  cells: readonly CellView[],
  ruler: Ruler,
  { depth }: Pick<TapePlace, "depth">,
  isTall: boolean,
): Map<number, SlotBox> {
  const boxes = new Map<number, SlotBox>();
  let at = 0;
  for (const cell of cells) {
    const length = cellLength(cell, ruler);
    if (cell.from === cell.to) {
      const isSolid = cell.state === "dry";
      boxes.set(
        cell.from,
        isTall
          ? { x: 0, y: at, width: depth, height: length, isSolid }
          : { x: at, y: 0, width: length, height: depth, isSolid },
      );
    }
    at += length + ruler.gap;
  }
  return boxes;
}
