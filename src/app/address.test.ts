import { describe, expect, test } from "vitest";
import { parseMoment, parseSpeed, readAddress, shareOf } from "./address.ts";

describe("the address", () => {
  test("asks for nothing when it is bare", () => {
    expect(readAddress({ search: "", hash: "" })).toEqual({
      share: null,
      embed: null,
      scenario: null,
      lesson: null,
      seed: null,
      speed: null,
      at: null,
      origins: [],
      problem: "",
    });
  });

  test("names the parts of an embed, and leaves unknown ones out", () => {
    const address = readAddress({ search: "?embed=canvas,timeline,moon", hash: "" });
    expect(address.embed).toEqual(["canvas", "timeline"]);
  });

  test("finds the share link in the fragment", () => {
    expect(readAddress({ search: "", hash: "#w=1.aB-_9" }).share).toBe("1.aB-_9");
  });

  test("takes a broken link for a link, so that it is said to be broken", () => {
    expect(readAddress({ search: "", hash: "#w=1.!!!" }).share).toBe("1.!!!");
    expect(readAddress({ search: "", hash: "#w=" }).share).toBe("");
  });

  test("takes no scenario for a link because a line of it holds one", () => {
    expect(shareOf("https://example.com/#w=1.aB-_9.")).toBe("1.aB-_9");
    expect(shareOf("windtunnel 1\n0s echo https://example.com/#w=1.aB-_9\n")).toBeNull();
  });

  test("reads speeds as fractions and refuses what no driver does", () => {
    expect(parseSpeed("1/4")).toBe(0.25);
    expect(parseSpeed("flat-out")).toBe("flat-out");
    expect(parseSpeed("2000")).toBeNull();
    expect(parseSpeed("0")).toBeNull();
  });

  test("reads moments as seconds, durations and clocks", () => {
    expect(parseMoment("12.48")).toBe(12_480_000_000);
    expect(parseMoment("500ms")).toBe(500_000_000);
    expect(parseMoment("00:12.480")).toBe(12_480_000_000);
    expect(parseMoment("soon")).toBeNull();
  });

  test("says which of its words it cannot read, and what it could", () => {
    const read = (search: string) => readAddress({ search, hash: "" });
    expect(read("?seed=99999999999999999999")).toMatchObject({
      seed: null,
      problem:
        "The address says seed=99999999999999999999, which was left out: " +
        "a seed is a whole number from 0 to 9007199254740991.",
    });
    expect(read("?seed=7&speed=fast")).toMatchObject({ seed: 7, speed: null });
    expect(read("?seed=7&speed=fast").problem).toContain("1/64 to 1000");
    expect(read("?t=99999999999h")).toMatchObject({ at: null });
    expect(read("?t=99999999999h").problem).toContain("24 hours");
    expect(read("?t=24h&seed=0&speed=1/4").problem).toBe("");
  });
});
