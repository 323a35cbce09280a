/** The trace for those who do not see it: the newest line worth hearing, at most one a second. */
import { useThrottled } from "../../parts/useThrottled.ts";
import type { View } from "../../store/view.ts";

const aSecond = 1000;

export function Story() {
  const words = useThrottled(selectNewest, aSecond);
  return (
    <p className="vh" role="status">
      {words}
    </p>
  );
}

const selectNewest = (view: View): string => {
  for (let i = view.trace.length - 1; i >= 0; i -= 1) {
    const line = view.trace[i];
    if (line?.interesting === true) return plainText(line.text);
  }
  return "";
};

/** Rich text without its marks. */
function plainText(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replace(/[*`]/g, "");
}
