/** A few worlds of the fuzzer on every run; thousands by `npm run fuzz -- --runs N`. */
import { expect, test } from "vitest";
import { play } from "../../../tools/fuzz/play.ts";
import { type FaultKind, makeWeather } from "../../../tools/fuzz/weather.ts";
import { ground } from "../ground.ts";

const first = 77_000;
const count = 3;

test.each<[string, readonly FaultKind[]]>([
  ["processes, networks and clients", ["process", "network", "client"]],
  ["lost power too", ["process", "power", "network"]],
])(
  `%s fail, and nothing breaks, seeds ${first} to ${first + count - 1}`,
  async (_, kinds) => {
    for (let seed = first; seed < first + count; seed++) {
      const { violations, acked } = await play(makeWeather(seed, kinds), ground);
      const replay = `npm run fuzz -- --runs 1 --seed ${seed} --kinds ${kinds.join(",")}`;
      expect(violations, replay).toEqual([]);
      expect(acked, replay).toBeGreaterThan(0);
    }
  },
  240_000,
);

// Our model: whatever a seed draws, it draws again; a line that replays a violation must.
test("one seed gives one weather", () => {
  const kinds = ["process", "power", "network", "client"] as const;
  expect(makeWeather(9, kinds)).toEqual(makeWeather(9, kinds));
  expect(makeWeather(9, kinds).text).not.toBe(makeWeather(10, kinds).text);
});
