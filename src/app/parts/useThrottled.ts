import { useEffect, useRef, useState } from "react";
import { useView, type View } from "../store/view.ts";

/** Reads the store at most every so many milliseconds: for what is read, not watched. */
export function useThrottled<T>(selector: (view: View) => T, everyMs: number): T {
  const [value, setValue] = useState(() => selector(useView.getState()));
  const latest = useRef(selector);
  latest.current = selector;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const read = () => {
      timer = null;
      setValue(() => latest.current(useView.getState()));
    };
    const stop = useView.subscribe(() => {
      timer ??= setTimeout(read, everyMs);
    });
    read();
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [everyMs]);
  return value;
}
