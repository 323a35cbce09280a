import { useEffect, useRef, useState } from "react";
import { useView, type View } from "../store/view.ts";

/**
 * Reads the store at once, and then at most every so many milliseconds: for what is read, not
 * watched. All that read as often read together: one frame of the display is laid out for them
 * and not each its own.
 */
export function useThrottled<T>(selector: (view: View) => T, everyMs: number): T {
  const [value, setValue] = useState(() => selector(useView.getState()));
  const latest = useRef(selector);
  latest.current = selector;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = 0;
    const read = () => {
      timer = null;
      last = performance.now();
      setValue(() => latest.current(useView.getState()));
    };
    const stop = useView.subscribe(() => {
      if (timer !== null) return;
      const left = (Math.floor(last / everyMs) + 1) * everyMs - performance.now();
      if (left <= 0) read();
      else timer = setTimeout(read, left);
    });
    read();
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [everyMs]);
  return value;
}
