/** Whose terminals are on the page: everybody's but that of the page's own scripts. */

/** Where `window.windtunnel.exec` types: nobody looks at it. */
export const hiddenTerminal = "x1";

/** The hidden terminal sits on the chair of the first one. */
export function personOf(tty: string): string {
  return tty === hiddenTerminal ? "t1" : tty;
}
