/** What runs when a text tool is called. A chunk of its own: it loads with the first tool used. */
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
import type { TextToolName } from "./table.ts";
import { bracket, test } from "./test.ts";
import { defineTool } from "./tool.ts";

const succeed = defineTool("true", async () => 0);
const failed = defineTool("false", async () => 1);

export const textPrograms: Readonly<Record<TextToolName, Program>> = {
  "[": bracket,
  basename,
  cat,
  chmod: succeed,
  cp,
  curl,
  cut,
  date,
  dirname,
  echo,
  env,
  false: failed,
  grep,
  head,
  jq,
  ls,
  mkdir,
  mv,
  printf,
  pwd,
  rm,
  rmdir,
  sed,
  seq,
  sleep,
  sort,
  tail,
  tee,
  test,
  timeout,
  touch,
  tr,
  true: succeed,
  uniq,
  watch,
  wc,
  xargs,
  yes,
};

export { whichProgram } from "./run/run.ts";
