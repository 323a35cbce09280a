/** What the marks of this picture mean, one sentence each; only those that are there. */
import { type ReactNode, useCallback, useRef, useState } from "react";
import type { FeatureView } from "../../../../worker/frames.ts";
import { Popover } from "../../../parts/Popover.tsx";
import { useView, type View } from "../../../store/view.ts";
import { Bell, Clock, FallingEdge, Inlet, PauseBars, Pin, Stone } from "./glyphs.tsx";

export function Legend() {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="btn legend-button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        Marks
      </button>
      {isOpen && button.current !== null ? (
        <Popover label="What the marks mean" anchor={button.current} onClose={close}>
          <Entries />
        </Popover>
      ) : null}
    </>
  );
}

const selectFeatures = (view: View) => view.features;

function Entries() {
  const features = [...useView(selectFeatures).values()];
  const shown = entries.filter((entry) => features.some(entry.isIn));
  return (
    <ul className="legend">
      {shown.map((entry) => (
        <li key={entry.text}>
          <svg width="44" height="28" aria-hidden="true">
            {entry.mark}
          </svg>
          <span>{entry.text}</span>
        </li>
      ))}
    </ul>
  );
}

interface Entry {
  readonly isIn: (feature: FeatureView) => boolean;
  readonly mark: ReactNode;
  readonly text: string;
}

const slot = <rect x="11" y="1" width="22" height="26" rx="4" className="slot slot-wet" />;
const hasSlot =
  (test: (slot: Extract<FeatureView, { kind: "tape" }>["slots"][number]) => boolean) =>
  (feature: FeatureView) =>
    feature.kind === "tape" && feature.slots.some(test);

const entries: readonly Entry[] = [
  {
    isIn: hasSlot((one) => one.held !== ""),
    mark: (
      <>
        {slot}
        <circle cx="19" cy="20" r="2.6" className="dot-acked" />
        <circle cx="25" cy="20" r="2.1" className="dot-waits" />
      </>
    ),
    text: "One dot a consumer, in the order of their lanes: hollow still wants the message, full has acked it. With the last ack it leaves.",
  },
  {
    isIn: (one) => one.kind === "tape" && one.left.length > 0,
    mark: <rect x="11" y="1" width="22" height="26" rx="4" className="legend-left" />,
    text: "A dissolving slot has just left; the word under it says why.",
  },
  {
    isIn: (one) => one.kind === "tape" && one.edge !== "",
    mark: (
      <g transform="translate(26 -4)">
        <FallingEdge isTall={false} />
      </g>
    ),
    text: "The stream is full: the next message pushes the oldest over this edge.",
  },
  {
    isIn: (one) =>
      hasSlot(({ life }) => life !== null)(one) ||
      (one.kind === "kv" &&
        one.keys.some((key) => key.revisions.some(({ life }) => life !== null))),
    mark: (
      <>
        {slot}
        <path d="M14 5h11" className="legend-life" />
      </>
    ),
    text: "The bar is what is left of its life: when it is used up, the message leaves by itself.",
  },
  {
    isIn: (one) =>
      hasSlot(({ stone }) => stone !== "")(one) ||
      (one.kind === "kv" &&
        one.keys.some((key) => key.revisions.some(({ stone }) => stone !== ""))) ||
      (one.kind === "objects" && one.objects.some(({ state }) => state === "deleted")),
    mark: <Stone x={22} y={18} />,
    text: "A stone is a marker: it says that what stood here was deleted or has expired.",
  },
  {
    isIn: hasSlot((one) => one.due !== null),
    mark: <Clock x={22} y={14} />,
    text: "A schedule: it stays in the stream and publishes another message at its time.",
  },
  {
    isIn: hasSlot((one) => one.batch !== ""),
    mark: <path d="M6 18v-7h32v7" className="batch" />,
    text: "What is under one bracket was stored as one batch: all of it or nothing.",
  },
  {
    isIn: hasSlot((one) => one.parked !== ""),
    mark: (
      <>
        {slot}
        <rect x="11" y="1" width="22" height="26" rx="4" className="slot-hatch" />
      </>
    ),
    text: "Parked: delivered as often as max_deliver allows, and not again.",
  },
  {
    isIn: (one) => one.kind === "copy",
    mark: <path d="M30 4H14v18h20m-6-4 6 4-6 4" className="l-there" />,
    text: "A cable from stream to stream copies what the first one stores.",
  },
  {
    isIn: (one) => one.kind === "copy" && one.way === "republish",
    mark: <path d="M30 4H14v18h20" className="l-there" strokeDasharray="1.5 4" />,
    text: "A dotted one: what the first stream publishes once more, the second one stores.",
  },
  {
    isIn: (one) => one.kind === "tape" && one.inlet !== null,
    mark: <Inlet x={38} y={13} />,
    text: "An arrow through a door: the stream that is copied is on no server here.",
  },
  {
    isIn: (one) => one.kind === "lane" && one.paused !== null,
    mark: <PauseBars x={19} y={8} />,
    text: "A paused consumer delivers nothing; its messages wait in the stream.",
  },
  {
    isIn: (one) => one.kind === "lane" && one.group !== null,
    mark: (
      <>
        <Pin x={14} y={13} />
        <Pin x={31} y={13} isHollow />
      </>
    ),
    text: "The pin is on the client that is served alone; a hollow one is on who waits.",
  },
  {
    isIn: (one) => one.kind === "lane" && one.backoff.length > 0,
    mark: (
      <>
        <rect x="20" y="18" width="5" height="4" rx="1" className="pip full" />
        <rect x="20" y="11" width="5" height="4" rx="1" className="pip" />
        <rect x="20" y="4" width="5" height="4" rx="1" className="pip" />
      </>
    ),
    text: "Pips count the steps of a backoff: each attempt waits for its ack as long as its step says.",
  },
  {
    isIn: (one) => one.kind === "kv",
    mark: (
      <>
        <rect x="2" y="3" width="18" height="22" rx="4" className="slot slot-wet revision past" />
        <rect x="24" y="3" width="18" height="22" rx="4" className="slot slot-wet" />
      </>
    ),
    text: "A row is a key: the last slot is its value, the slots to the left are its history.",
  },
  {
    isIn: (one) => one.kind === "kv" && one.watchers.length > 0,
    mark: <Bell x={22} y={14} />,
    text: "A bell: somebody watches this key and hears every change.",
  },
  {
    isIn: (one) => one.kind === "objects",
    mark: (
      <>
        <path d="M8 9V6h28v3" className="lid" />
        <rect x="10" y="10" width="12" height="13" rx="2" className="brick" />
        <rect x="24" y="10" width="12" height="13" rx="2" className="brick" />
      </>
    ),
    text: "Bricks are the chunks of an object. The lid is written last and makes it whole.",
  },
];
