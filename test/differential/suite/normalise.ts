/** Takes out of an answer what differs from run to run: ids, the time of day, names drawn. */
import type { Received } from "../wire-reader.ts";

/** What one run of a program has seen; `now` is the server's clock in ms since 1970. */
export interface Seen {
  readonly names: Map<string, string>;
  readonly now: number;
}

/**
 * A message as one line. Numbers stay as they were written: a JSON parser would round the large
 * ones, and hide the very differences that cases about edges look for.
 */
export function normalise(message: Received, seen: Seen): string {
  const { subject, reply, headers, payload } = message;
  const shownReply = reply === "" ? "" : ` reply=${withoutIds(reply)}`;
  const block = withoutIds(headers.replaceAll("\r\n", "|"));
  const head = block === "" ? "" : ` [${block}]`;
  const text = `${withoutIds(subject)}${shownReply}${head} ${withoutIds(payload)}`;
  return withoutNames(withoutTimes(text, seen.now), seen.names);
}

function withoutIds(text: string): string {
  return (
    text
      .replace(/(\$JS\.ACK\.[^|]*)\.\d{19}\.(\d+)(?=\||$)/, "$1.<time>.$2")
      .replace(/\b_R_\.\w{6}\.\w{6}\b/g, "_R_.<id>")
      .replace(/(\$JS\.FC\.\S*\.)\w{4}(?=\||$)/g, "$1<id>")
      .replace(/^(\$JS\.SNAPSHOT\.(?:ACK|RESTORE)\.[^.]*\.)\w{22}/, "$1<id>")
      .replace(/(\$JS\.SNAPSHOT\.RESTORE\.[^."]*\.)\w{22}/, "$1<id>")
      .replace(/Nats-Stream-Identity: \w+/g, "Nats-Stream-Identity: <id>")
      .replace(/(Nats-Stream-Source: (?:[^ |]+ ){5})\w{8}/g, "$1<id>")
      .replace(/(JS_(?:MIRROR|SRC)_\w{8}-)\w{8}/g, "$1<id>")
      .replace(/Nats-Pin-Id: \w{22}/g, "Nats-Pin-Id: <id>")
      .replace(/"(id|pinned_id|pinned_client_id)(\\?":\\?")\w{22}(\\?")/g, '"$1$2<id>$3')
      .replace(/"(id|server_id)":"N[A-Z2-7]{55}"/g, '"$1":"<id>"')
      .replace(/"(pause_remaining|ack_time|rtt|cid)(\\?":)\d+/g, '"$1$2<n>')
      .replace(/("flags":\d+,"seq":)\d+/g, "$1<n>")
      .replace(/("active\\?":)\d+/g, "$1<n>")
      .replace(/("client":\{[^}]*"id":|"host":"127.0.0.1","id":)\d+/g, "$1<n>")
      .replace(/,"rtt":<n>/g, "")
      // Several sources come as Go's map gives them.
      .replace(/(?<="sources":\[)\{"name":"[^"]*","lag":.*?(?=\],"ts":)/g, (found) =>
        found
          .split(/,(?=\{"name":"[^"]*","lag":)/)
          .toSorted()
          .join(","),
      )
      .replace(/(total\\?":)\d+(,\\?"errors\\?":)\d+/g, "$1<n>$2<n>")
  );
}

const time = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;
const minute = 60_000;

/** Times about now become a mark, those within two days their distance in minutes. */
function withoutTimes(text: string, now: number): string {
  return text.replace(time, (found) => {
    const away = Date.parse(found) - now;
    if (Number.isNaN(away) || Math.abs(away) > 2 * 24 * 60 * minute) return found;
    const minutes = Math.round(away / minute);
    return minutes === 0 ? "<time>" : `<time ${minutes} min>`;
  });
}

/** Names that a server makes up are eight letters and digits, never all small letters. */
export const madeUp =
  /(?<=[."])(?![a-z]{8}\b|\d{8}\b|Duration\b|ADVISORY\b|CONSUMER\b)[A-Za-z0-9]{8}(?=[". |\\]|$)/g;

function withoutNames(text: string, names: Map<string, string>): string {
  return text.replace(madeUp, (name) => {
    const known = names.get(name) ?? `<name${names.size + 1}>`;
    names.set(name, known);
    return known;
  });
}
