/** Leaving the first sixty seconds. */
import { useView } from "../store/view.ts";

const seenKey = "windtunnel.seen";

export function hasSeenLanding(): boolean {
  try {
    return localStorage.getItem(seenKey) !== null;
  } catch (error) {
    console.info("storage is closed:", error);
    return false;
  }
}

export function leaveLanding(): void {
  useView.getState().toBeat(null);
  document.documentElement.removeAttribute("data-landing");
  try {
    localStorage.setItem(seenKey, "1");
  } catch (error) {
    console.info("storage is closed:", error);
  }
}
