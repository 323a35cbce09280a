/** `Date` on the clock of the current process. Dates made from given times are ordinary ones. */
import type { Ask } from "./realm.ts";

/** Wraps the realm's constructor; `instanceof Date` holds for dates of either. */
export function createVirtualDate(original: DateConstructor, ask: Ask): DateConstructor {
  const now = (): number => ask("Date", (process) => process.wallMs(), original.now);
  return new Proxy(original, {
    construct(target, args: unknown[], newTarget) {
      return Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object;
    },
    apply: () => new original(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}
