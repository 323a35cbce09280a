/** The same programs for three nats-servers and for three of ours. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ClusterSide,
  startOurCluster,
  startRealCluster,
  storePlace,
} from "./cluster-sides.ts";
import { natsServerPath } from "./real-server.ts";

const conf = `jetstream { store_dir: "${storePlace}" }`;

export interface Comparison<P> {
  readonly programs: Readonly<Record<string, P>>;
  /** Runs a program through a connection of its own, and answers what came. */
  readonly run: (side: ClusterSide, program: P) => Promise<readonly string[]>;
  /** In the answers of every program that did what it should. */
  readonly sign: string;
}

/** Makes a test of each program. Without nats-server all show as skipped. */
export function compareClusters<P>(what: string, { programs, run, sign }: Comparison<P>): void {
  const title = `${what}${natsServerPath === null ? " (skipped)" : ""}`;
  describe.skipIf(natsServerPath === null)(title, () => {
    let real: ClusterSide;
    beforeAll(async () => {
      real = await startRealCluster(conf);
      await real.wait(3000);
    }, 60_000);
    afterAll(async () => {
      await real.stop();
    });

    // A busy machine may miss an answer of the real server's, so it gets a second chance.
    test.each(Object.entries(programs))("%s", { timeout: 120_000 }, async (_name, program) => {
      await real.revive(1);
      const expected = await run(real, program);
      expect(expected.join("\n")).toContain(sign);
      const ours = await run(await startOurCluster(conf), program);
      expect(ours.join("\n")).toBe(expected.join("\n"));
    });
  });
}
