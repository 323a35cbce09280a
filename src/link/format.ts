/** Writes `.wt` text: one shape for every scenario, so that two of them can be compared. */
import { formatStamp } from "../kernel/index.ts";
import { endWord, formatInput, isPrintable, quote } from "./input.ts";
import { parseScenario } from "./parse.ts";
import { type Scenario, type ScenarioFile, scenarioFormat } from "./scenario-file.ts";

/** Text that `parseScenario` reads back to the same scenario. */
export function formatScenario(scenario: Scenario): string {
  const lines: string[] = [];
  const comment = (before: number): void => {
    for (const one of scenario.comments)
      if (one.before === before) lines.push(`# ${one.text}`.trimEnd());
  };
  comment(-1);
  lines.push(`windtunnel ${scenarioFormat}`);
  for (const [key, value] of headerLines(scenario)) lines.push(row(key, value));
  for (const file of scenario.files) lines.push(formatFile(file));
  scenario.entries.forEach((entry, i) => {
    comment(i);
    lines.push(row(formatStamp(entry), formatInput(entry.tty, entry.kind, entry.text)));
  });
  comment(scenario.entries.length);
  return `${lines.join("\n")}\n`;
}

/** The formatter: reads a file and writes it in the one shape. Throws ScenarioError. */
export function tidyScenario(text: string): string {
  return formatScenario(parseScenario(text));
}

const columnWidth = 8;

function row(key: string, value: string): string {
  return `${key.padEnd(columnWidth - 1)} ${value}`;
}

function headerLines(scenario: Scenario): [key: string, value: string][] {
  const lines: [string, string][] = [];
  if (scenario.title !== "") lines.push(["title", scenario.title]);
  if (scenario.lesson !== null) lines.push(["lesson", scenario.lesson]);
  if (scenario.seed !== null) lines.push(["seed", String(scenario.seed)]);
  for (const line of scenario.world) lines.push(["world", line]);
  if (scenario.caption !== "") lines.push(["caption", scenario.caption]);
  for (const line of scenario.description) lines.push(["description", line]);
  if (scenario.tags.length > 0) lines.push(["tags", scenario.tags.join(", ")]);
  if (scenario.difficulty !== null) lines.push(["difficulty", String(scenario.difficulty)]);
  for (const line of scenario.evidence) lines.push(["evidence", line]);
  if (scenario.predict !== null) {
    lines.push(["predict", scenario.predict.question]);
    for (const option of scenario.predict.options) lines.push(["option", option]);
    lines.push(["answer", String(scenario.predict.answer)]);
  }
  return lines;
}

function formatFile({ path, text }: ScenarioFile): string {
  const name = /^[^\s"]+$/.test(path) && isPrintable(path) ? path : quote(path);
  const head = row("file", name);
  const whole = text.endsWith("\n") && text.split("\n").every(isPrintable);
  if (!whole) return `${head} ${quote(text)}`;
  const end = endWord(text);
  return `${head} <<${end}\n${text}${end}`;
}
