/** Streams beside nats-server. Evidence: the run of nats-server that each case makes. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { clearStreams, compareSides } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import { featureCases } from "./feature-cases.ts";
import { batchCases, scheduleCases } from "./publish-cases.ts";
import { streamCases } from "./stream-cases.ts";

const binary = findNatsServer();
const title = binary === null ? "streams (skipped: no nats-server found)" : "streams";

describe.skipIf(binary === null)(title, () => {
  let real: Side;
  beforeAll(async () => {
    real = await startRealSide(binary ?? "");
  });
  afterAll(async () => {
    await real.close();
  });

  const cases = [...streamCases, ...featureCases, ...scheduleCases, ...batchCases];
  test.each(cases)(
    "$title",
    async ({ steps }) => {
      await real.reconnect();
      await clearStreams(real);
      await compareSides(real, startOurSide(), steps);
    },
    60_000,
  );
});
