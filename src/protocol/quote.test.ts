import { expect, test } from "vitest";
import { quoteBytes, quoteGo } from "./quote.ts";

// Evidence: fmt.Printf("%q\n", ...) of Go 1.25.
const texts: readonly (readonly [string, string])[] = [
  ['a"\\b', '"a\\"\\\\b"'],
  ["\x00\x07\x7f\n\r\t\v", '"\\x00\\a\\x7f\\n\\r\\t\\v"'],
  ["€\u00a0\u00ad\u200b", '"€\\u00a0\\u00ad\\u200b"'],
  ["\u{1f600}\u{e0001}", '"\u{1f600}\\U000e0001"'],
  ["\ufffd", '"\ufffd"'],
];

test.each(texts)("quotes %j as Go does", (text, quoted) => {
  expect(quoteGo(text)).toBe(quoted);
});

const bytes: readonly (readonly [readonly number[], string])[] = [
  [[0xc3, 0xa9, 0x80, 0x78], '"é\\x80x"'],
  [[0xc3], '"\\xc3"'],
  [[0xe2, 0x82], '"\\xe2\\x82"'],
  [[0xed, 0xa0, 0x80], '"\\xed\\xa0\\x80"'],
];

test.each(bytes)("quotes the bytes %j as Go does", (list, quoted) => {
  expect(quoteBytes(Uint8Array.from(list))).toBe(quoted);
});
