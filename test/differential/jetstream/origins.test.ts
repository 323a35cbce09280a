/** Mirrors and sources beside nats-server. Evidence: the run of nats-server of each case. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { clearStreams, compareSides } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import { originCases, withoutMoments } from "./origin-cases.ts";

const binary = findNatsServer();
const title = binary === null ? "origins (skipped: no nats-server found)" : "origins";

describe.skipIf(binary === null)(title, () => {
  let real: Side;
  beforeAll(async () => {
    real = await startRealSide(binary ?? "");
  });
  afterAll(async () => {
    await real.close();
  });

  test.each(originCases)(
    "$title",
    async ({ steps }) => {
      await real.reconnect();
      await clearStreams(real);
      await compareSides(real, startOurSide(), steps, withoutMoments);
    },
    60_000,
  );
});
