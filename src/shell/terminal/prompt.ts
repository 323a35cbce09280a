/** What a prompt says. Line editing and drawing are the page's. */

export interface PromptState {
  readonly cwd: string;
  readonly home: string;
  readonly lastExit: number;
  /** The world does not move: `nats` commands will wait, world commands act at once. */
  readonly paused: boolean;
  /** The line so far is not whole: a quotation, a loop or a here-document is open. */
  readonly continued: boolean;
}

/** The prompt's text, with the blank that ends it. */
export function promptText(state: PromptState): string {
  if (state.continued) return "> ";
  const folder = state.cwd === state.home ? "~" : state.cwd.replace(`${state.home}/`, "~/");
  const status = state.lastExit === 0 ? "" : ` [${state.lastExit}]`;
  const time = state.paused ? " (time is stopped)" : "";
  return `${folder}${status}${time} $ `;
}
