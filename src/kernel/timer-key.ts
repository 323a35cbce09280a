import { assert } from "./assert.ts";

/** What a timer is known by in the queue: all timers of one owner lie together. */
export function timerKey(owner: string, name: string): string {
  assert(!owner.includes("\0"), "a timer's owner holds a NUL");
  return `${owner}\0${name}`;
}
