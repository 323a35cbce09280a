/** Cases of streams, each on nats-server and on our server; the real one is started once. */
import { afterAll, beforeAll, describe, test } from "vitest";
import { clearStreams, compareSides, type Normalise } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import type { Case } from "./stream-cases.ts";

/** Makes a test of each case. Without nats-server all show as skipped. */
export function compareCases(what: string, cases: readonly Case[], normalise?: Normalise): void {
  const binary = findNatsServer();
  const title = binary === null ? `${what} (skipped: no nats-server found)` : what;
  describe.skipIf(binary === null)(title, () => {
    let real: Side;
    beforeAll(async () => {
      real = await startRealSide(binary ?? "");
    });
    afterAll(async () => {
      await real.close();
    });

    test.each(cases)(
      "$title",
      async ({ steps }) => {
        await real.reconnect();
        await clearStreams(real);
        await compareSides(real, startOurSide(), steps, normalise);
      },
      60_000,
    );
  });
}
