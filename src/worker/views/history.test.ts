/** What is said over and over is one line that counts, at every moment with its count of then. */
import { expect, test } from "vitest";
import { asSaid, History, type PastLine } from "./history.ts";

const said = { kind: "no-responders", icon: "", text: "nobody listens", about: [] } as const;

function line(id: number, at: number, step: number): PastLine {
  return { id, at, step, ...said, interesting: true };
}

const texts = (history: Pick<History, "lines">, step: number) =>
  history.lines.map((one) => asSaid(one, step).text);

test("the same again within five seconds is counted, later it is news", () => {
  const history = new History();
  history.addLine(line(1, 0, 1));
  for (let i = 1; i <= 3; i += 1) history.sayAgain(said.text, { at: i * 4e9, step: i * 10 });
  expect(texts(history, 30)).toEqual(["nobody listens **×4**"]);
  expect(history.sayAgain(said.text, { at: 18e9, step: 60 })).toBeNull();
});

test("a moment of the past and a branch from it know only what was said by then", () => {
  const history = new History();
  history.addLine(line(1, 0, 1));
  history.sayAgain(said.text, { at: 1e9, step: 10 });
  history.sayAgain(said.text, { at: 2e9, step: 20 });
  history.until = 20;
  const past = history.before(15);
  expect(past.lines.map((one) => asSaid(one, 15).text)).toEqual(["nobody listens **×2**"]);
  const fork = history.forkAt(15, 1.5e9);
  history.sayAgain(said.text, { at: 3e9, step: 30 });
  expect(texts(fork, 99)).toEqual(["nobody listens **×2**"]);
  expect(texts(history, 99)).toEqual(["nobody listens **×4**"]);
});

test("what is seldom said is never counted", () => {
  const history = new History();
  history.addLine({ ...line(1, 0, 1), kind: "stored", text: "stored" });
  expect(history.sayAgain("stored", { at: 1, step: 2 })).toBeNull();
});
