/** Every text tool by its name, as help and completion know it. What runs is in programs.ts. */

/** A tool with what `help` says of it: what it does, and how it is called. */
export interface TextTool {
  readonly usage: string;
  readonly help: string;
}

function tool(usage: string, help: string): TextTool {
  return { usage, help };
}

const tools = {
  "[": tool("[ EXPRESSION ]", "Whether a comparison or a file test holds"),
  basename: tool("basename PATH [SUFFIX]", "The last part of a path"),
  cat: tool("cat [-n] [FILE...]", "Passes files or its input on"),
  chmod: tool("chmod MODE FILE...", "Every file here may be run: nothing to do"),
  cp: tool("cp [-r] FILE... TARGET", "Copies files"),
  curl: tool("curl [-sif] [-o FILE] URL", "Asks a server's monitoring port"),
  cut: tool("cut -d C -f LIST | -c LIST [FILE...]", "Fields or columns of each line"),
  date: tool("date [-Is] [+FORMAT]", "The time of this world, in UTC"),
  dirname: tool("dirname PATH", "A path without its last part"),
  echo: tool("echo [-ne] [TEXT...]", "Writes its arguments"),
  env: tool("env [-i] [NAME=VALUE...] [COMMAND...]", "Exported variables, or a command with more"),
  false: tool("false", "Fails"),
  grep: tool("grep [-ivnclowqEFr] [-A N] [-B N] PATTERN [FILE...]", "Lines that match"),
  head: tool("head [-n N] [FILE...]", "The first lines, then ends"),
  jq: tool("jq [-rcnse] FILTER [FILE...]", "Picks and shapes JSON"),
  ls: tool("ls [-la1] [PATH...]", "What files there are"),
  mkdir: tool("mkdir [-p] FOLDER...", "Makes folders"),
  mv: tool("mv FILE... TARGET", "Moves or renames files"),
  printf: tool("printf FORMAT [VALUE...]", "Writes values in a format"),
  pwd: tool("pwd", "The folder you are in"),
  rm: tool("rm [-rf] FILE...", "Removes files"),
  rmdir: tool("rmdir FOLDER...", "Removes empty folders"),
  sed: tool("sed [-nE] [-i] [-e SCRIPT] [SCRIPT] [FILE...]", "Edits lines: s p d q y"),
  seq: tool("seq [-w] [-s SEP] [FIRST [STEP]] LAST", "Counts"),
  sleep: tool("sleep SECONDS", "Waits in the time of this world: 1.5, 300ms, 2m"),
  sort: tool("sort [-nruh] [-t C] [-k N] [FILE...]", "Lines in order"),
  tail: tool("tail [-n N | -n +N] [-f] [FILE...]", "The last lines; -f goes on"),
  tee: tool("tee [-a] FILE...", "Passes its input on and into files"),
  test: tool("test EXPRESSION", "Whether a comparison or a file test holds"),
  timeout: tool("timeout SECONDS COMMAND...", "Ends a command that takes too long"),
  touch: tool("touch FILE...", "Makes empty files, or makes them new"),
  tr: tool("tr [-dsc] SET [SET]", "Replaces, squeezes or deletes characters"),
  true: tool("true", "Succeeds"),
  uniq: tool("uniq [-cdu]", "Leaves out repeated lines"),
  watch: tool("watch [-n SECONDS] COMMAND...", "Runs a command again and again"),
  wc: tool("wc [-lwcm] [FILE...]", "Counts lines, words and bytes"),
  xargs: tool("xargs [-n N] [-I TOKEN] COMMAND...", "Makes arguments of its input"),
  yes: tool("yes [TEXT]", "Writes a line for ever"),
} satisfies Readonly<Record<string, TextTool>>;

export type TextToolName = keyof typeof tools;

export const textTools: Readonly<Record<string, TextTool>> = tools;
