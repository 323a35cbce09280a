/** Every user action once: menus, toolbar, keys and the command bar all read this list. */

import { engine } from "../engine.ts";
import { useScene } from "../panels/canvas/scene-store.ts";
import type { Dialog, Layout } from "../store/page.ts";
import { useView, type View } from "../store/view.ts";
import { wearTheme } from "../theme.ts";
import { toggleCompare } from "./compare.ts";
import { askHint } from "./hint.ts";
import { leaveLanding } from "./landing.ts";
import { changeSpeed, seek, step, toEnd, togglePlay } from "./transport.ts";

export interface Action {
  readonly id: string;
  readonly name: string;
  readonly mark: string;
  readonly group: "time" | "look" | "share" | "world";
  /** `event.key` values; a capital means Shift. */
  readonly keys: readonly string[];
  /** Works in a text field too. */
  readonly anywhere?: boolean;
  run(): void;
}

const quietly = (promise: Promise<unknown>) => {
  promise.catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    useView.getState().report({ kind: "notice", message });
  });
};
const openDialog = (dialog: Dialog) => () => useView.getState().open(dialog);
const show = (layout: Layout) => () => useView.getState().show(layout);

export const actions: readonly Action[] = [
  {
    id: "play",
    name: "Play or pause",
    mark: "play",
    group: "time",
    keys: [" "],
    run: () => quietly(togglePlay()),
  },
  {
    id: "step",
    name: "Step one event",
    mark: "step",
    group: "time",
    keys: ["."],
    run: () => quietly(step("event")),
  },
  {
    id: "back",
    name: "Step back",
    mark: "back",
    group: "time",
    keys: [","],
    run: () => quietly(step("event", true)),
  },
  {
    id: "next",
    name: "Next interesting moment",
    mark: "last",
    group: "time",
    keys: [">"],
    run: () => quietly(step("interesting")),
  },
  {
    id: "previous",
    name: "Previous interesting moment",
    mark: "first",
    group: "time",
    keys: ["<"],
    run: () => quietly(step("interesting", true)),
  },
  {
    id: "start",
    name: "To the start",
    mark: "first",
    group: "time",
    keys: ["Home"],
    run: () => quietly(seek(0)),
  },
  {
    id: "end",
    name: "To the end",
    mark: "last",
    group: "time",
    keys: ["End"],
    run: () => quietly(toEnd()),
  },
  {
    id: "faster",
    name: "Faster",
    mark: "step",
    group: "time",
    keys: ["}"],
    run: () => quietly(changeSpeed(1)),
  },
  {
    id: "slower",
    name: "Slower",
    mark: "back",
    group: "time",
    keys: ["{"],
    run: () => quietly(changeSpeed(-1)),
  },
  {
    id: "undo",
    name: "Undo the last input",
    mark: "hook",
    group: "world",
    keys: ["z"],
    run: () => quietly(engine().undo(false)),
  },
  {
    id: "redo",
    name: "Redo",
    mark: "flip",
    group: "world",
    keys: ["Z"],
    run: () => quietly(engine().undo(true)),
  },
  {
    id: "branch-before",
    name: "The branch before",
    mark: "branch",
    group: "world",
    keys: ["["],
    run: () => quietly(engine().branch({ kind: "turn", by: -1 })),
  },
  {
    id: "branch-after",
    name: "The next branch",
    mark: "branch",
    group: "world",
    keys: ["]"],
    run: () => quietly(engine().branch({ kind: "turn", by: 1 })),
  },
  {
    id: "branches",
    name: "Branches",
    mark: "branch",
    group: "world",
    keys: ["b"],
    run: openDialog("branches"),
  },
  {
    id: "compare",
    name: "Compare two branches",
    mark: "flip",
    group: "world",
    keys: ["v"],
    run: toggleCompare,
  },
  {
    id: "faults",
    name: "Faults",
    mark: "bolt",
    group: "world",
    keys: ["f"],
    run: openDialog("faults"),
  },
  {
    id: "hint",
    name: "Hint of the lesson",
    mark: "predict",
    group: "world",
    keys: ["h"],
    run: () => quietly(askHint()),
  },
  {
    id: "lessons",
    name: "Open a lesson",
    mark: "predict",
    group: "world",
    keys: ["l"],
    run: openDialog("lessons"),
  },
  {
    id: "shelf",
    name: "Open a scenario",
    mark: "branch",
    group: "world",
    keys: ["o"],
    run: openDialog("shelf"),
  },
  { id: "terminal", name: "Terminal", mark: "cmd", group: "look", keys: ["`"], run: focusTerminal },
  {
    id: "watch",
    name: "Layout: watch",
    mark: "now",
    group: "look",
    keys: ["1"],
    run: show("watch"),
  },
  { id: "work", name: "Layout: work", mark: "now", group: "look", keys: ["2"], run: show("work") },
  { id: "type", name: "Layout: type", mark: "now", group: "look", keys: ["3"], run: show("type") },
  {
    id: "fit",
    name: "Fit the picture",
    mark: "now",
    group: "look",
    keys: ["0"],
    run: () => useScene.getState().hold(false),
  },
  {
    id: "theme",
    name: "Light or dark",
    mark: "moon",
    group: "look",
    keys: ["L"],
    run: toggleTheme,
  },
  {
    id: "share",
    name: "Share",
    mark: "plug",
    group: "share",
    keys: ["s"],
    run: openDialog("share"),
  },
  { id: "keys", name: "Keys", mark: "cmd", group: "look", keys: ["?"], run: openDialog("keys") },
  {
    id: "commands",
    name: "Command bar",
    mark: "cmd",
    group: "look",
    keys: ["/"],
    run: openDialog("commands"),
  },
];

export function runAction(id: string): void {
  actions.find((action) => action.id === id)?.run();
}

export function keyWords(action: Action): string {
  const names: Record<string, string> = { " ": "space", z: "Z", Z: "Shift Z", L: "Shift L" };
  return action.keys
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(" ");
}

export function toggleTheme(): void {
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  const next = (useView.getState().theme ?? system) === "dark" ? "light" : "dark";
  useView.getState().choose({ theme: next });
  wearTheme(next);
}

export function focusTerminal(): void {
  const view = useView.getState();
  if (view.layout === "watch") view.show("work");
  view.choose({ drawerTab: "terminal" });
  focusWhenThere(".term textarea", { had: document.activeElement, frames: framesToWait });
}

/** The terminal is a chunk of its own: whoever asks for it first waits for it a little. */
const framesToWait = 180;

interface Wait {
  /** What had the focus when it was asked for. */
  readonly had: Element | null;
  readonly frames: number;
}

function focusWhenThere(what: string, { had, frames }: Wait): void {
  requestAnimationFrame(() => {
    const has = document.activeElement;
    // Who has gone elsewhere in the meantime, a list or a field, is not called back.
    if (has !== had && has !== null && has !== document.body) return;
    const element = document.querySelector<HTMLElement>(what);
    if (element !== null) element.focus({ preventScroll: true });
    else if (frames > 0) focusWhenThere(what, { had, frames: frames - 1 });
  });
}

/** One listener for the page: single letters only while no text field has the focus. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const action = actionFor(event);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  window.addEventListener("keydown", onKey, { capture: true });
  return () => window.removeEventListener("keydown", onKey, { capture: true });
}

/** What the rail itself hears while it has the focus. */
const sliderKeys = /^(Arrow|Page|Home|End)/;

/** The comparison, then the selection; dialogs and menus hear Escape themselves. */
function closeWhatIsOpen(view: View): (() => void) | null {
  if (view.comparing !== null) return toggleCompare;
  return view.selected === null ? null : () => view.select(null);
}

function actionFor(event: KeyboardEvent): (() => void) | null {
  const view = useView.getState();
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "k") return openDialog("commands");
  if (command && event.key === " ") return () => quietly(togglePlay());
  if (command || event.altKey || view.dialog !== null) return null;
  if (event.key === "Escape" && view.beat !== null) return leaveLanding;
  const target = event.target as HTMLElement | null;
  if (target?.closest("input, textarea, select, [contenteditable], [role=menu]") != null)
    return null;
  if (event.key === " " && target?.closest("button, a, [role=tab]") != null) return null;
  if (event.key === "Escape") {
    return target?.closest("[role=dialog]") == null ? closeWhatIsOpen(view) : null;
  }
  if (target?.closest("[role=slider]") != null && sliderKeys.test(event.key)) return null;
  if (!view.letters && event.key.length === 1) return null;
  const action = actions.find((a) => a.keys.includes(event.key));
  return action === undefined ? null : () => action.run();
}
