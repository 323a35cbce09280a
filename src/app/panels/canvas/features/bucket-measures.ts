/** The columns of a bucket, shared by who draws its rows and who paints on them. */
import type { BucketView } from "../layout/bucket.ts";

export interface BucketMeasures {
  readonly width: number;
  /** Letters of a name that fit, and of a value. */
  readonly nameLetters: number;
  readonly valueLetters: number;
  /** Where history or bricks begin. */
  readonly columnX: number;
  /** Slots of history that fit. */
  readonly revisions: number;
  readonly slotWidth: number;
  /** Where the value is written. */
  readonly valueX: number;
  readonly isTall: boolean;
}

const letterWidth = 7.3;
export const slotGap = 3;

export function bucketMeasures(bucket: BucketView, width: number, isTall: boolean): BucketMeasures {
  const columnX = isTall ? 84 : 148;
  const nameLetters = Math.floor((columnX - 10) / letterWidth);
  if (bucket.kind === "objects") {
    const rest = { revisions: 0, slotWidth: 12, valueX: width, valueLetters: 0 };
    return { width, nameLetters, columnX, isTall, ...rest };
  }
  const digits = Math.max(1, ...bucket.keys.map((key) => String(key.revisions.at(-1)?.seq).length));
  const slotWidth = Math.max(22, 12 + digits * letterWidth);
  const deepest = Math.max(1, ...bucket.keys.map((key) => key.revisions.length));
  const revisions = Math.min(deepest, isTall ? 3 : 6);
  const valueX = columnX + revisions * (slotWidth + slotGap) + 7;
  const valueLetters = Math.max(3, Math.floor((width - valueX - 26) / letterWidth));
  return { width, nameLetters, valueLetters, columnX, revisions, slotWidth, valueX, isTall };
}

/** The newest revision stands in the last column, older ones to its left. */
export function revisionX(m: BucketMeasures, shown: number, index: number): number {
  return m.columnX + (m.revisions - shown + index) * (m.slotWidth + slotGap);
}

export function clipped(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}
