/** Ages as monitoring shows them. */
import { compareStoredTime, type StoredTime } from "../../kernel/index.ts";

/** `3s`, `1m2s`, `2d3h4m5s`, `1y0d0h0m1s`. Source: nats-server `myUptime`. */
export function shownAge(from: StoredTime, to: StoredTime): string {
  const borrow = to.n < from.n ? 1 : 0;
  const seconds = compareStoredTime(from, to) > 0 ? 0 : to.s - from.s - borrow;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const years = Math.floor(days / 365);
  let text = `${seconds % 60}s`;
  if (minutes > 0) text = `${minutes % 60}m${text}`;
  if (hours > 0) text = `${hours % 24}h${text}`;
  if (days > 0) text = `${days % 365}d${text}`;
  return years > 0 ? `${years}y${text}` : text;
}
