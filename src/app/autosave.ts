/**
 * The journal survives a reload: what was put in, and where time stood. Each tab has its own; a new
 * tab begins with the one saved last.
 */
import type { SessionView } from "../worker/frames.ts";
import { useView } from "./store/view.ts";

const key = "windtunnel.session";
/** A burst of inputs is one write. */
const settleMs = 300;

export interface SavedSession {
  readonly journal: string;
  readonly at: number;
  /** Of the world that it began as. */
  readonly title: string;
  readonly scenario: string | null;
  /** What the branch shown was called, when a person gave it a name. */
  readonly branch: string;
}

export function savedSession(): SavedSession | null {
  try {
    const text = sessionStorage.getItem(key) ?? localStorage.getItem(key);
    if (text === null) return null;
    const saved = JSON.parse(text) as Partial<SavedSession>;
    return typeof saved.journal === "string" && typeof saved.at === "number"
      ? { title: "", scenario: null, branch: "", ...saved, journal: saved.journal, at: saved.at }
      : null;
  } catch (error) {
    console.info("no session could be read back:", error);
    return null;
  }
}

/** A session goes on under the names that it had: of the world it began as, and of its branch. */
export function named({ title, scenario, branch }: Omit<SavedSession, "journal" | "at">) {
  return { title, ...(scenario !== null && { scenario }), ...(branch !== "" && { branch }) };
}

/** Names that nobody gave would clash with those of the branches to come. */
export function givenName({ branch, branches }: SessionView): string {
  const name = branches.find(({ id }) => id === branch)?.name ?? "";
  return /^(main|branch \d+)$/.test(name) ? "" : name;
}

/** Saves after each input, and once more when the page is left. The landing scene is not kept. */
export function keepSession(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  useView.subscribe((view, before) => {
    const isNamed = givenName(view.session) !== givenName(before.session);
    if (view.journal === before.journal && !isNamed) return;
    if (before.journal !== "" && view.journal !== before.journal) forgetAddress();
    clearTimeout(timer);
    timer = setTimeout(save, settleMs);
  });
  window.addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save();
  });
}

/** Who acts has a session of their own: a reload leads to it, no longer to what was opened. */
function forgetAddress(): void {
  if (location.hash !== "" || location.search !== "") {
    history.replaceState(null, "", location.pathname);
  }
}

function save(): void {
  const { journal, at, beat, session } = useView.getState();
  if (journal === "" || beat !== null) return;
  const { title, scenario } = session;
  const text = JSON.stringify({ journal, at, title, scenario, branch: givenName(session) });
  try {
    sessionStorage.setItem(key, text);
    localStorage.setItem(key, text);
  } catch (error) {
    const message = "This browser keeps no storage for the page; Share makes a link instead.";
    console.info(message, error);
  }
}
