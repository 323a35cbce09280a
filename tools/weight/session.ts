/** What a browser transfers in one session: every file of the page that it has asked for. */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { weighFile } from "./weigh.ts";

export interface SessionWeight {
  /** Kilobytes of 1,000 bytes until now, gzipped; fonts and the icon are not counted. */
  kb(): number;
  /** Paths until now, in the order in which they were asked for. */
  readonly files: ReadonlySet<string>;
}

/** Listens from now on; `folder` is where the page was built. Requests of workers count too. */
export function weighSession(page: Page, folder: string): SessionWeight {
  const files = new Set<string>();
  page.on("request", (request) => {
    const { protocol, pathname } = new URL(request.url());
    const path = pathname === "/" ? "/index.html" : pathname;
    if (protocol.startsWith("http") && /\.(html|js|css)$/.test(path)) files.add(path);
  });
  return {
    files,
    kb: () => [...files].reduce((total, path) => total + weighFile(join(folder, path)), 0),
  };
}
