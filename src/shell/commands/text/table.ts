/** Every text tool by its name. */
import type { Program } from "../../../clients/index.ts";
import { date, seq, sleep, yes } from "./clock.ts";
import { cut, tr } from "./cut.ts";
import { echo } from "./echo.ts";
import { cp, mkdir, mv, rm, rmdir, touch } from "./files/change.ts";
import { basename, dirname, ls, pwd } from "./files/list.ts";
import { cat, head, tail, tee, wc } from "./filters.ts";
import { grep } from "./grep.ts";
import { jq } from "./jq/jq.ts";
import { printf } from "./printf.ts";
import { curl } from "./run/curl.ts";
import { env, timeout, watch, xargs } from "./run/run.ts";
import { sed } from "./sed.ts";
import { sort, uniq } from "./sort.ts";
import { bracket, test } from "./test.ts";
import { defineTool } from "./tool.ts";

const succeed = defineTool("true", async () => 0);
const failed = defineTool("false", async () => 1);

/** A tool with what `help` says of it: what it does, and how it is called. */
export interface TextTool {
  readonly run: Program;
  readonly usage: string;
  readonly help: string;
}

function tool(run: Program, usage: string, help: string): TextTool {
  return { run, usage, help };
}

export const textTools: Readonly<Record<string, TextTool>> = {
  "[": tool(bracket, "[ EXPRESSION ]", "Whether a comparison or a file test holds"),
  basename: tool(basename, "basename PATH [SUFFIX]", "The last part of a path"),
  cat: tool(cat, "cat [-n] [FILE...]", "Passes files or its input on"),
  chmod: tool(succeed, "chmod MODE FILE...", "Every file here may be run: nothing to do"),
  cp: tool(cp, "cp [-r] FILE... TARGET", "Copies files"),
  curl: tool(curl, "curl [-sif] [-o FILE] URL", "Asks a server's monitoring port"),
  cut: tool(cut, "cut -d C -f LIST | -c LIST [FILE...]", "Fields or columns of each line"),
  date: tool(date, "date [-Is] [+FORMAT]", "The time of this world, in UTC"),
  dirname: tool(dirname, "dirname PATH", "A path without its last part"),
  echo: tool(echo, "echo [-ne] [TEXT...]", "Writes its arguments"),
  env: tool(
    env,
    "env [-i] [NAME=VALUE...] [COMMAND...]",
    "Exported variables, or a command with more",
  ),
  false: tool(failed, "false", "Fails"),
  grep: tool(grep, "grep [-ivnclowqEFr] [-A N] [-B N] PATTERN [FILE...]", "Lines that match"),
  head: tool(head, "head [-n N] [FILE...]", "The first lines, then ends"),
  jq: tool(jq, "jq [-rcnse] FILTER [FILE...]", "Picks and shapes JSON"),
  ls: tool(ls, "ls [-la1] [PATH...]", "What files there are"),
  mkdir: tool(mkdir, "mkdir [-p] FOLDER...", "Makes folders"),
  mv: tool(mv, "mv FILE... TARGET", "Moves or renames files"),
  printf: tool(printf, "printf FORMAT [VALUE...]", "Writes values in a format"),
  pwd: tool(pwd, "pwd", "The folder you are in"),
  rm: tool(rm, "rm [-rf] FILE...", "Removes files"),
  rmdir: tool(rmdir, "rmdir FOLDER...", "Removes empty folders"),
  sed: tool(sed, "sed [-nE] [-i] [-e SCRIPT] [SCRIPT] [FILE...]", "Edits lines: s p d q y"),
  seq: tool(seq, "seq [-w] [-s SEP] [FIRST [STEP]] LAST", "Counts"),
  sleep: tool(sleep, "sleep SECONDS", "Waits in the time of this world: 1.5, 300ms, 2m"),
  sort: tool(sort, "sort [-nruh] [-t C] [-k N] [FILE...]", "Lines in order"),
  tail: tool(tail, "tail [-n N | -n +N] [-f] [FILE...]", "The last lines; -f goes on"),
  tee: tool(tee, "tee [-a] FILE...", "Passes its input on and into files"),
  test: tool(test, "test EXPRESSION", "Whether a comparison or a file test holds"),
  timeout: tool(timeout, "timeout SECONDS COMMAND...", "Ends a command that takes too long"),
  touch: tool(touch, "touch FILE...", "Makes empty files, or makes them new"),
  tr: tool(tr, "tr [-dsc] SET [SET]", "Replaces, squeezes or deletes characters"),
  true: tool(succeed, "true", "Succeeds"),
  uniq: tool(uniq, "uniq [-cdu]", "Leaves out repeated lines"),
  watch: tool(watch, "watch [-n SECONDS] COMMAND...", "Runs a command again and again"),
  wc: tool(wc, "wc [-lwcm] [FILE...]", "Counts lines, words and bytes"),
  xargs: tool(xargs, "xargs [-n N] [-I TOKEN] COMMAND...", "Makes arguments of its input"),
  yes: tool(yes, "yes [TEXT]", "Writes a line for ever"),
};
