/** What the inspector shows of one message: its life, hop by hop. */
import { loadMessage } from "../../jetstream/index.ts";
import { streamSeq } from "../../kernel/index.ts";
import { decodeText } from "../../protocol/index.ts";
import type { DetailView } from "../frames.ts";
import { type DetailScene, empty, previewLetters, shown } from "./detail-scene.ts";
import { featuresNow } from "./features/door.ts";
import { splitName, streamId } from "./names.ts";
import { row } from "./rows.ts";

export function detailMessage(scene: DetailScene, id: string, name: string): DetailView | null {
  const [streamName, seqText] = splitName(name);
  const stream = scene.streams.find((one) => one.name === streamName);
  const seq = Number(seqText);
  if (stream === undefined) return null;
  const message = loadMessage(stream.state.store, streamSeq(seq));
  const lines = scene.past.lines.filter((line) => line.text.includes(`(${id})`));
  return {
    ...empty,
    id,
    name: `message ${seq}`,
    what: `in [${streamName}](${streamId(streamName)})`,
    vitals:
      message === null
        ? []
        : [
            { label: "bytes", value: String(message.payload.length), of: "" },
            { label: "consumers", value: String(stream.consumers.size), of: "" },
          ],
    question: message === null ? `Where is ${seq}?` : `What happened to ${seq}?`,
    why: [
      ...(lines.length === 0
        ? [
            {
              at: null,
              text:
                message === null
                  ? "The stream does not hold it."
                  : "It was stored before the trace began.",
              tense: "past" as const,
            },
          ]
        : lines
            .slice(-12)
            .map((line) => ({ at: line.at, text: line.text, tense: "past" as const }))),
      ...(featuresNow()?.whyMessage(stream, seq, scene.world.kernel.now) ?? []),
    ],
    state:
      message === null
        ? []
        : [
            row("subject", "", message.subject),
            row("payload", "", decodeText(message.payload).slice(0, previewLetters)),
          ],
    messages: [],
    log: lines.slice(-shown),
    copies: [{ label: "nats", text: `nats stream get ${stream.plain} ${seq}` }],
  };
}
