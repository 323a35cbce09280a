/** The page as a person meets it: by roles, names and keys. */
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { Automation } from "../src/app/automation.ts";

declare const window: { readonly windtunnel: Automation };

export interface TerminalCommand {
  readonly line: string;
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Sandbox {
  readonly page: Page;
  /** What the page complained about in its console. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  /** One server, time running, the terminal open. */
  async open(seed = 7): Promise<void> {
    await this.page.goto(`/?scenario=blank&seed=${seed}`);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.server("n1")).toBeVisible();
  }

  get terminal(): Locator {
    return this.page.getByRole("textbox", { name: "Terminal" });
  }

  get canvas(): Locator {
    return this.page.getByRole("region", { name: "Canvas" });
  }

  get timeline(): Locator {
    return this.page.getByRole("region", { name: "Timeline" });
  }

  get ledger(): Locator {
    return this.page.getByRole("region", { name: "Ledger" });
  }

  server(name: string): Locator {
    return this.page.getByRole("article", { name: new RegExp(`^${name}, `) });
  }

  stream(name: string): Locator {
    return this.page.getByRole("article", { name: `stream ${name}`, exact: true });
  }

  consumer(name: string): Locator {
    return this.page.getByRole("article", { name: `consumer ${name}`, exact: true });
  }

  /** Types a line, waits for its end, and answers what it printed. */
  async type(line: string): Promise<TerminalCommand> {
    const count = (await this.commands()).length;
    await this.terminal.pressSequentially(line);
    await this.page.keyboard.press("Enter");
    await expect
      .poll(async () => (await this.commands())[count]?.exit ?? null, { message: line })
      .not.toBeNull();
    return (await this.commands())[count] as TerminalCommand;
  }

  async commands(tty = "t1"): Promise<readonly TerminalCommand[]> {
    const state = (await this.state()) as {
      terminals: Record<string, { commands: readonly TerminalCommand[] } | undefined>;
    };
    return state.terminals[tty]?.commands ?? [];
  }

  state(): Promise<unknown> {
    return this.page.evaluate(() => window.windtunnel.state());
  }

  /** The state as far as the tests read it. */
  async consumerInfo(name: string): Promise<Record<string, unknown> | undefined> {
    const state = (await this.state()) as { consumers: Record<string, Record<string, unknown>> };
    return state.consumers[name];
  }

  hash(): Promise<string> {
    return this.page.evaluate(() => window.windtunnel.hash());
  }

  async seek(ns: number): Promise<void> {
    await this.page.evaluate((at) => window.windtunnel.seek(at), ns);
  }

  async pause(): Promise<void> {
    await this.page.evaluate(() => window.windtunnel.pause());
  }
}

export const test = base.extend<{ sandbox: Sandbox }>({
  sandbox: async ({ page }, use) => {
    const sandbox = new Sandbox(page);
    await use(sandbox);
    expect(sandbox.complaints).toEqual([]);
  },
});

export { type Automation, expect };
