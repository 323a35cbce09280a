/** The length of a text in bytes without encoding it. */
export { textBytes as utf8Length } from "../../../protocol/index.ts";
