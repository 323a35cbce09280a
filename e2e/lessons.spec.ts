/** The other lessons of the path, each as a learner's hand does it, one after another. */
import type { Locator, Page } from "@playwright/test";
import { expect, type Sandbox, test } from "./sandbox.ts";

/** Somebody who reads the lesson's pane and does what it asks, with its own buttons. */
class Learner {
  readonly #page: Page;
  readonly #sandbox: Sandbox;

  constructor(page: Page, sandbox: Sandbox) {
    this.#page = page;
    this.#sandbox = sandbox;
  }

  /** From the list of lessons, which must be open. */
  async choose(title: string): Promise<void> {
    const list = this.#page.getByRole("dialog", { name: "Lessons" });
    await list.getByRole("button", { name: new RegExp(`^${title} lesson `) }).click();
    await expect(this.#page.getByRole("heading", { name: title })).toBeVisible();
  }

  /** Guesses before time runs; afterwards the answer stands beside the guess. */
  async predict(guess: string, speed: number): Promise<void> {
    await this.part("Predict").getByRole("button", { name: guess }).click();
    await expect(this.part("Play")).toHaveAttribute("data-state", "now");
    await this.hurry(speed);
    await this.#button("Let time run").click();
    await this.isDone("Play");
    await expect(this.part("Predict").getByRole("button", { name: "right" })).toBeVisible();
  }

  /** Chooses a speed from the clock's menu; it holds until another one is chosen. */
  async hurry(speed: number): Promise<void> {
    await this.#button(/· speed /).click();
    await this.#page
      .getByRole("menuitemradio", { name: `${speed} × real time`, exact: true })
      .click();
  }

  /** Takes hints until there are `lines` to type, and has each of them typed and run. */
  async follow(words: string, lines = 1): Promise<void> {
    const item = this.item(words);
    const ways = item.getByRole("button", { name: "Type it" });
    for (let line = 0; line < lines; line += 1) {
      for (let had = await item.locator(".hint").count(); (await ways.count()) <= line; had += 1) {
        await this.#button("Hint").click();
        await expect(item.locator(".hint")).toHaveCount(had + 1);
      }
      const count = (await this.#sandbox.commands()).length;
      await ways.nth(line).click();
      await expect(this.#sandbox.terminal).toBeFocused();
      await this.#page.keyboard.press("Enter");
      await expect
        .poll(async () => (await this.#sandbox.commands())[count]?.exit ?? null, { message: words })
        .not.toBeNull();
    }
    await this.sees(words);
  }

  /** Ticked, or folded away with its part: the last tick of a part does that. */
  async sees(words: string): Promise<void> {
    const open = this.item(words).and(this.#page.locator('[data-done="false"]'));
    await expect(open).toHaveCount(0);
  }

  async isDone(name: string): Promise<void> {
    await expect(this.part(name)).toHaveAttribute("data-state", "done");
  }

  /** At the card, where the list of lessons says that this one is done. */
  async takeHome(title: string): Promise<void> {
    await expect(this.part("To take home")).toBeVisible();
    await this.#button("What else").click();
    await expect(this.#button(new RegExp(`^${title} lesson .* · done`))).toBeVisible();
  }

  part(name: string): Locator {
    return this.#page.getByRole("region", { name, exact: true });
  }

  item(words: string): Locator {
    return this.#page.getByRole("listitem").filter({ hasText: words });
  }

  #button(name: string | RegExp): Locator {
    return this.#page.getByRole("button", { name });
  }
}

test("by mouse: a needle, a window, three retentions", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  const learner = new Learner(page, sandbox);
  await page.goto("/");
  await page.getByRole("button", { name: /^Learn/ }).click();

  await learner.choose("A needle on the tape");
  await learner.predict("At 0", 10);
  // Order 4 comes again after 30 s of virtual time.
  await learner.hurry(1);
  await learner.follow("Make a pull consumer W of ORDERS");
  await learner.follow("Take three orders and acknowledge them");
  await learner.isDone("Goal");
  await expect(page.getByText("Reading takes nothing away")).toBeVisible();
  for (const words of ["Send order 5", "Take order 4 from W", "Take order 5 and"]) {
    await learner.follow(words);
  }
  await expect(page.getByText("leaves the floor where it is")).toBeVisible();
  expect((await sandbox.consumerInfo("ORDERS/W"))?.num_ack_pending).toBe(1);
  await learner.takeHome("A needle on the tape");

  await learner.choose("Once, within a window");
  await learner.predict("2", 10);
  await learner.hurry(1);
  for (const words of ["Make a stream PAY", "Send a payment with an id", "Send it again, soon"]) {
    await learner.follow(words);
  }
  // The window is 10 s of virtual time.
  await learner.hurry(10);
  await page.waitForTimeout(1100);
  await learner.hurry(1);
  await learner.follow("Send it again when the window is over");
  await learner.isDone("Goal");
  await learner.follow("Send another amount under a new id");
  await learner.follow("Send 99 under the same id");
  await learner.takeHome("Once, within a window");

  await learner.choose("Who may delete");
  await learner.predict("6, 0, 0", 10);
  await learner.follow("Make a work queue TASKS");
  await learner.follow("Give it a consumer");
  await learner.follow("Send six tasks");
  await learner.follow("Take all six and acknowledge them");
  await learner.isDone("Goal");
  await learner.follow("Remove the consumer of INT");
  await learner.follow("Send a message to INT");
  await expect(page.getByText("The message was gone before the ink was dry")).toBeVisible();
  await learner.takeHome("Who may delete");
});

test("by mouse: poison, keys", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  const learner = new Learner(page, sandbox);
  await page.goto("/");
  await page.getByRole("button", { name: /^Learn/ }).click();

  await learner.choose("Poison");
  await learner.predict("It is still in JOBS, and W skips it", 10);
  await learner.follow("Make a stream DLQ");
  await learner.follow("Send another broken job");
  await learner.follow("Put worker B", 2);
  await learner.follow("Send the job again, mended");
  await learner.follow("Remove the two broken ones");
  await learner.isDone("Goal");
  await learner.follow("Let JOBS keep nothing");
  await learner.follow("Put worker C", 2);
  await learner.follow("Send a broken job, and let its tries run out");
  await learner.sees("Wait until its body is gone as well");
  await expect(page.getByText("names a sequence that is no longer there")).toBeVisible();
  await learner.takeHome("Poison");

  await learner.choose("Keys");
  await learner.predict("1", 10);
  await expect(page.getByRole("tab", { name: "watcher" })).toBeVisible();
  await learner.follow("Make a bucket seats");
  await learner.follow("Give the key A1 five values");
  await learner.follow("Delete the key");
  await learner.follow("Give it a value again");
  await learner.isDone("Goal");
  await learner.follow("Ask for revision 1");
  await expect(page.getByText("Three values are kept, and seven were written.")).toBeVisible();
  await learner.takeHome("Keys");
});

test("by keys alone: the seat rule", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  const learner = new Learner(page, sandbox);
  const keys = page.keyboard;
  await page.goto("/?lesson=seat-rule");
  await sandbox.ready();
  const right = learner.part("Predict").getByRole("button", { name: "3" });
  for (let tabs = 0; tabs < 60; tabs += 1) {
    await keys.press("Tab");
    if (await right.evaluate((option) => option === document.activeElement)) break;
  }
  await keys.press("Enter");
  await expect(learner.part("Play")).toHaveAttribute("data-state", "now");
  await keys.press("Control+Space");
  await learner.isDone("Play");
  await expect(sandbox.consumer("ORDERS/C")).toContainText("3 of 3");
  await keys.press("h");
  await expect(learner.item("Make a pull consumer W").getByText("Look at")).toBeVisible();
  await keys.press("`");
  await expect(sandbox.terminal).toBeFocused();
  // A wrong way first: with a thousand seats nothing stalls.
  await sandbox.type("nats consumer add ORDERS W --pull --ack explicit --defaults");
  await expect(learner.item("Make a pull consumer W")).toHaveAttribute("data-done", "false");
  await sandbox.type("nats consumer edit ORDERS W --max-pending 3 --force");
  await learner.sees("Make a pull consumer W");
  await sandbox.type("nats consumer next ORDERS W --count 3 --no-ack");
  await learner.sees("Take three orders and answer none");
  await sandbox.type("nats pub '$JS.ACK.ORDERS.W.1.1.1.0.0' +ACK");
  await sandbox.type("nats consumer next ORDERS W --no-ack");
  await learner.isDone("Goal");
  await sandbox.type("nats consumer edit ORDERS W --max-pending 10 --force");
  await sandbox.type("nats consumer next ORDERS W --count 6 --no-ack");
  await expect(page.getByText("more seats only move the wall")).toBeVisible();
  await expect(learner.part("To take home")).toBeVisible();
});
