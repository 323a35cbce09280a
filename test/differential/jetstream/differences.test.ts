/** Where streams differ from nats-server on purpose: the rows of docs/differences.md. */
import { expect, test } from "vitest";
import { api, pub, runAlone, type Step, sub, wait } from "../side-by-side.ts";
import { startOurSide } from "../sides.ts";

const create = (config: Record<string, unknown>): Step =>
  api(`STREAM.CREATE.${config.name}`, config);
const last = async (...steps: Step[]): Promise<string> =>
  (await runAlone(startOurSide(), steps)).at(-1)?.join("\n") ?? "";

test("refuses first sequences beyond 2^53", async () => {
  const body = '{"name":"S","subjects":["s.*"],"first_seq":9007199254740993}';
  const answer = await last(api("STREAM.CREATE.S", body));
  expect(answer).toContain('"err_code":10052');
  expect(answer).toContain("windtunnel does not support first_seq beyond 2^53");
});

test("answers no responders where no API is", async () => {
  expect(await last(api("BOGUS.a.b"))).toContain("503");
});

test("lets messages go at the moment they are old enough", async () => {
  const answers = await runAlone(startOurSide(), [
    create({ name: "S", subjects: ["s.*"], max_age: 300_000_000 }),
    sub("$JS.EVENT.>"),
    pub("s.a", "x"),
    wait(295),
    api("STREAM.INFO.S"),
    wait(10),
    api("STREAM.INFO.S"),
  ]);
  expect(answers[4]?.join()).toContain('"messages":1');
  expect(answers[6]?.join()).toContain('"messages":0');
});
