/** Runs a module of this folder inside a real Chromium, bundled the way the page is. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "vite";

/** Null where there is no browser: tests then skip, and say so. */
export function findBrowser(): string | null {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const named = process.env.CHROMIUM ?? "";
  return [named, ...places].find((path) => path !== "" && isExecutable(path)) ?? null;
}

/** A browser and pages in which the module has run; what it put on `globalThis` can be called. */
export interface OpenedModule {
  readonly browser: Browser;
  /** A page of its own: a fresh realm. */
  freshPage(): Promise<Page>;
}

export async function openModule(path: string, executablePath: string): Promise<OpenedModule> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      write: false,
      target: "es2023",
      minify: false,
      rollupOptions: { input: path, output: { format: "es", codeSplitting: false } },
    },
  });
  const output = Array.isArray(built) ? built[0] : built;
  if (output === undefined || !("output" in output)) throw new Error("nothing was built");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const content = output.output[0].code;
  const freshPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    await page.addScriptTag({
      content: `${content}\nglobalThis.moduleHasRun = true;`,
      type: "module",
    });
    await page.waitForFunction("globalThis.moduleHasRun");
    return page;
  };
  return { browser, freshPage };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
