/** What is transferred until somebody has worked with the page. */
import { weighSession } from "../tools/weight/session.ts";
import { weightLimits } from "../tools/weight/weigh.ts";
import { expect, test } from "./sandbox.ts";

/** The walk-through of the README. */
const walkThrough = [
  'nats stream add ORDERS --subjects "orders.>" --storage file --retention limits --defaults',
  'nats pub orders.new "order {{Count}}" --count 5',
  "nats consumer add ORDERS order-processor --pull --deliver all --ack explicit --defaults",
  "nats consumer next ORDERS order-processor --count 3 --ack",
  "nats consumer info ORDERS order-processor",
  "nats request -H Nats-Msg-Id:1 orders.new hello",
];

test("a first publish and the walk-through transfer no more than they may", async ({
  sandbox,
  page,
}) => {
  const weight = weighSession(page, "dist/page");
  await sandbox.open();
  expect((await sandbox.type("nats pub hello world")).exit).toBe(0);
  const published = weight.kb();
  for (const name of ["index", "TerminalPane", "entry", "publish"]) {
    const pattern = new RegExp(`^/assets/${name}-.*\\.js$`);
    expect([...weight.files].some((file) => pattern.test(file))).toBe(true);
  }
  for (const line of walkThrough) expect((await sandbox.type(line)).exit).toBe(0);
  const walked = weight.kb();
  console.log(
    `until the first publish ${published.toFixed(1)} kB ` +
      `(limit ${weightLimits.firstPublishKb}), ` +
      `the walk-through ${walked.toFixed(1)} kB (for now ${weightLimits.walkThroughRatchetKb})`,
  );
  expect(published).toBeLessThanOrEqual(weightLimits.firstPublishKb);
  expect(walked).toBeLessThanOrEqual(weightLimits.walkThroughRatchetKb);
});
