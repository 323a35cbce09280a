// What `nats stream edit` and `nats consumer edit` share: flags, and showing what would change.

import type { FlagSpecs } from "../../../grammar/define.ts";
import { CommandError, ExitError } from "../../../grammar/errors.ts";
import { type NatsContext, printLine } from "../context.ts";

export const editingFlags = {
  config: { help: "Take the configuration from this JSON file", type: "file" },
  force: { help: "Do not ask", type: "switch", short: "f" },
  interactive: { help: "Change it in an editor", type: "bool", short: "i" },
  "dry-run": { help: "Only show what would change", type: "switch" },
} as const satisfies FlagSpecs;

/** Throws CommandError when an editor is wanted: there is none, as on a machine without EDITOR. */
export function refuseEditor(failure: string, { interactive }: { interactive: boolean }): void {
  if (!interactive) return;
  throw new CommandError(`${failure}: set EDITOR environment variable to your chosen editor`);
}

/**
 * Shows the report of a change; false when there is nothing to change. A dry run ends here, with 1
 * when something differs.
 */
export async function showChanges(
  ctx: NatsContext,
  report: string,
  flags: { readonly "dry-run": boolean },
): Promise<boolean> {
  if (report === "") {
    if (!flags["dry-run"]) await printLine(ctx, "No difference in configuration");
    return false;
  }
  await ctx.process.write(`Differences (-old +new):\n${report}`);
  if (flags["dry-run"]) throw new ExitError(1);
  return true;
}
