/** The terminal's chunk: asked for ahead of its pane, and shown by it. */
export const loadTerminal = () =>
  import("./panels/terminal/TerminalPane.tsx").then((m) => ({ default: m.TerminalPane }));
