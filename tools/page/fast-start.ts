/**
 * What a built page does before its own code runs: the worker begins to load with the first bytes
 * of the document, and the code that the first picture needs is compiled away from the thread that
 * draws it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

/** The worker's entry, and the chunks of the first paint. */
const workerEntry = /^assets\/entry-.*\.js$/;

/**
 * V8 compiles a function when it is first called, on the thread that calls it. With this comment
 * the whole file is compiled while it streams in, on another one: 40 ms of 300 less on ours.
 */
const compileHint = "//# allFunctionsCalledOnLoad\n";

/** Errors before anybody listens are kept: the page says so when it takes the worker over. */
const earlyWorker = (url: string) =>
  `(function(w){w.addEventListener("error",function(e){w.failed=e.message||" "});` +
  `window.earlyWorker=w})(new Worker(${JSON.stringify(url)},{type:"module",name:"windtunnel"}))`;

/**
 * The terminal loads beside what is painted first; its chunk would be asked for when all that has
 * come and run. Not on the landing, which begins without one, and not where another page chooses.
 */
const earlyTerminal = (urls: readonly string[]) =>
  `if(!document.documentElement.hasAttribute("data-landing")&&!/[?&]embed=/.test(location.search))` +
  `${JSON.stringify(urls)}.forEach(function(u){var l=document.createElement("link");` +
  `l.rel="modulepreload";l.crossOrigin="";l.href=u;document.head.append(l)})`;

/** Its chunk, and what that imports beyond the chunks of the first paint. */
function terminalFiles(bundle: Rolldown.OutputBundle): string[] {
  const chunk = Object.values(bundle).find(
    (one) => one.type === "chunk" && one.name === "TerminalPane",
  );
  if (chunk?.type !== "chunk") throw new Error("the terminal is not in the bundle");
  return [chunk.fileName, ...chunk.imports]
    .filter((file) => !isFirstPaint(file, bundle))
    .map((file) => `/${file}`);
}

export function fastStart(): Plugin {
  return {
    name: "windtunnel:fast-start",
    apply: "build",
    // On the files, because other plugins put code of theirs before ours until they are written.
    writeBundle({ dir = "" }, bundle) {
      for (const { type, fileName } of Object.values(bundle)) {
        if (type !== "chunk" || !isFirstPaint(fileName, bundle)) continue;
        const path = join(dir, fileName);
        writeFileSync(path, compileHint + readFileSync(path, "utf8"));
      }
    },
    transformIndexHtml: {
      order: "post",
      handler(page, { bundle }) {
        if (bundle === undefined) throw new Error("there is no bundle");
        const entry = Object.keys(bundle).find((file) => workerEntry.test(file));
        if (entry === undefined) throw new Error("the worker's entry is not in the bundle");
        const terminal = `<script>${earlyTerminal(terminalFiles(bundle))}</script>`;
        return {
          // Ahead of the styles: a script behind them waits until they have come.
          html: page.replace(/<script type="module"/, `${terminal}\n    $&`),
          tags: [{ tag: "script", children: earlyWorker(`/${entry}`), injectTo: "head-prepend" }],
        };
      },
    },
  };
}

/** The entry and what it imports without asking again. */
function isFirstPaint(file: string, bundle: Rolldown.OutputBundle): boolean {
  return Object.values(bundle).some(
    (chunk) =>
      chunk.type === "chunk" &&
      chunk.isEntry &&
      chunk.name === "index" &&
      (chunk.fileName === file || chunk.imports.includes(file)),
  );
}
