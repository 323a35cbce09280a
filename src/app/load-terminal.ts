/** The terminal's chunk: asked for ahead of its pane, and shown by it. */
import type { ComponentType } from "react";

let pane: ComponentType | null = null;

export const loadTerminal = async () => {
  const { TerminalPane } = await import("./panels/terminal/TerminalPane.tsx");
  pane = TerminalPane;
  return { default: TerminalPane };
};

/** Null until it has come. */
export const terminalNow = (): ComponentType | null => pane;
