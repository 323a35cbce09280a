// Our `nats` against a real nats-server, held to what the real `nats` v0.4.0 printed.

import { describe, expect, test } from "vitest";
import { wholeNatsGrammar } from "../../src/shell/commands/nats/app.ts";
import type { NatsContext } from "../../src/shell/commands/nats/context.ts";
import { findCommand } from "../../src/shell/grammar/application.ts";
import type { Command } from "../../src/shell/grammar/define.ts";
import {
  type Outcome,
  readTranscript,
  replaySession,
  type Step,
  splitLine,
} from "./nats/replay.ts";
import { findNatsServer, startServer } from "./nats/server.ts";

const natsApplication = await wholeNatsGrammar();

const files = [
  "walkthrough",
  "walkthrough.tty",
  "core",
  "core.tty",
  "stream",
  "stream.tty",
  "consumer",
  "consumer.tty",
  "messages",
  "messages.tty",
  "kv",
  "kv.tty",
  "object",
  "object.tty",
  "account",
  "errors",
  "wizards",
];

/** By file and session, steps that differ for a reason. */
const known: Readonly<Record<string, readonly number[]>> = {
  // They show what a command changed that we do not have yet (bench, trace).
  "core request-reply": [55],
  "core.tty request-reply": [54],
  "core trace": [5],
  // Editing in a text editor.
  "wizards edit-interactive": [5, 6, 7],
};

/** Steps whose recording is one of several that chance allows. */
const chance: Readonly<Record<string, readonly number[]>> = {
  // The server lists sources in random order (transcripts/README.md, Caveats).
  "stream stream-features": [4, 9, 10, 11],
  "stream.tty stream-features": [4, 9, 10, 11],
  // How much has been sourced or mirrored so far, and consumers that have not timed out yet.
  "kv kv-basics": [97, 104, 109],
  "kv.tty kv-basics": [96, 103, 107],
  // How much of what was already under way `sub --count` still prints.
  "messages sub-jetstream": [6, 18, 20, 21, 23],
  "messages.tty sub-jetstream": [6, 18, 20, 21, 23, 39],
  // Round trips of a millisecond and more are printed in words that normalising leaves alone.
  "core request-reply": [40, 41],
  "core.tty request-reply": [39, 40],
  // How many API requests the server has counted, ours and those we do not make yet.
  "errors cli-errors": [62],
};

const binary = findNatsServer();
const title = "our nats prints what the real nats printed";

describe.skipIf(binary === null)(binary === null ? `${title} (no nats-server here)` : title, () => {
  let port = 21_100;
  for (const file of files) {
    const sessions = readTranscript(`test/differential/transcripts/${file}.jsonl`);
    for (const session of sessions) {
      const own = port;
      port += 1;
      test.concurrent(`${file}: ${session.head.name}`, async () => {
        const server = await startServer(binary ?? "", session.head.profile, own);
        try {
          const outcomes = await replaySession(session, server);
          check(`${file} ${session.head.name}`, outcomes);
        } finally {
          await server.stop();
        }
      });
    }
  }
});

function check(session: string, outcomes: readonly Outcome[]): void {
  const excused = new Set([...(known[session] ?? []), ...(chance[session] ?? [])]);
  const judged = outcomes.filter(({ step }) => isOurs(step));
  expect(judged.length).toBeGreaterThan(0);
  for (const outcome of judged) {
    if (outcome.equal || excused.has(outcome.step.n)) continue;
    const label = `step ${outcome.step.n} $ ${outcome.step.cmd ?? outcome.step.path}`;
    expect(`${label}\n${outcome.actual}`).toBe(`${label}\n${outcome.expected}`);
  }
  const healed = outcomes.filter(({ step, equal }) => equal && known[session]?.includes(step.n));
  const cured = healed.filter(({ step }) => step.volatile !== true).map(({ step }) => step.n);
  expect(cured, "steps that no longer differ: take them off the list").toEqual([]);
}

/** Is it a step of a command that we have? The rest waits for its issue. */
function isOurs(step: Step): boolean {
  if (step.cmd === undefined) return false;
  let { commands } = natsApplication;
  for (const word of splitLine(step.cmd).slice(1)) {
    if (word.startsWith("-")) continue;
    const command: Command<NatsContext> | undefined = findCommand(commands, word);
    if (command === undefined) return false;
    if (!command.commands) return true;
    commands = command.commands;
  }
  return commands !== natsApplication.commands;
}
