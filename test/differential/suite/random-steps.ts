/** Lines that random programs are made of. */
import type { Dice } from "./dice.ts";

export const createStream = (name: string, config: object): string =>
  `api STREAM.CREATE.${name} ${JSON.stringify({ name, ...config })}`;

export const createConsumer = (stream: string, name: string, config: object): string => {
  const body = { stream_name: stream, config: { name, ...config } };
  return `api CONSUMER.CREATE.${stream}.${name} ${JSON.stringify(body)}`;
};

export const publish = (subject: string, headers: object, body = ""): string =>
  `hpub ${subject} ${JSON.stringify(headers)} ${body}`.trimEnd();

export const streamDetails = (name: string): string =>
  `api STREAM.INFO.${name} {"subjects_filter":">","deleted_details":true}`;

/** Some of the fields, each with this chance in percent. */
export function some(
  dice: Dice,
  percent: number,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(() => dice.chance(percent)));
}
