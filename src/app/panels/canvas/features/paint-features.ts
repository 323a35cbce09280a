/** What of the features moves with time: lives that run out, slots that dissolve, times to wait. */
import type { KvView, LaneMarksView, LifeView, TapeMarksView } from "../../../../worker/frames.ts";
import { durationText, leftText } from "../../../parts/figures.ts";
import type { View } from "../../../store/view.ts";
import { type Brush, label } from "../draw/brush.ts";
import { rowPitch } from "../layout/bucket.ts";
import type { Scene } from "../layout/scene.ts";
import { seqEdge } from "../layout/tape.ts";
import { bucketMeasures, revisionX } from "./bucket-measures.ts";
import { type SlotBox, slotBoxes } from "./slot-boxes.ts";

export function paintFeatures(brush: Brush, scene: Scene, view: View): void {
  for (const feature of view.features.values()) {
    if (feature.kind === "tape") paintTape({ brush, scene, view }, feature);
    else if (feature.kind === "lane") paintLane({ brush, scene, view }, feature);
    else if (feature.kind === "kv") paintKv({ brush, scene, view }, feature);
  }
}

interface Picture {
  readonly brush: Brush;
  readonly scene: Scene;
  readonly view: View;
}

function paintTape({ brush, scene, view }: Picture, marks: TapeMarksView): void {
  const place = scene.tapes.get(marks.stream);
  const stream = view.streams.get(marks.stream);
  if (place === undefined || stream === undefined) return;
  const isTall = scene.look === "tall";
  const boxes = slotBoxes(stream.cells, scene.ruler, place, isTall);
  for (const { seq, life, due } of marks.slots) {
    const box = boxes.get(seq);
    if (box === undefined) continue;
    const at = { ...box, x: place.x + box.x, y: place.y + box.y };
    if (life !== null) paintLife(brush, at, life, view.at);
    if (due !== null && due > view.at) paintDue(brush, at, due - view.at, isTall);
  }
  paintLeft({ brush, scene, view }, marks, boxes);
}

/** A bar along the upper lip that grows shorter; on its own ground, whatever is under it. */
function paintLife({ ctx, ink }: Brush, at: SlotBox, life: LifeView, now: number): void {
  const share = Math.max(0, Math.min(1, (life.until - now) / (life.until - life.from)));
  const room = at.width - 6;
  ctx.fillStyle = ink.canvas;
  ctx.fillRect(at.x + 2, at.y + 2, at.width - 4, 5);
  ctx.fillStyle = ink.waiting;
  ctx.fillRect(at.x + 3, at.y + 3, room * share, 3);
}

function paintDue(brush: Brush, at: SlotBox, left: number, isTall: boolean): void {
  const { ink } = brush;
  const words = { text: leftText(left), colour: ink.text };
  if (isTall) label(brush, { x: at.x + at.width + 11, y: at.y + at.height / 2 + 4.2 }, words);
  else
    label(brush, { x: at.x + at.width / 2, y: at.y + at.height + 21 }, { ...words, centred: true });
}

/** So long a slot takes to dissolve, in virtual nanoseconds. */
const leftNanos = 2_500_000_000;

const leftWords = {
  acked: "acked",
  limit: "over the limit",
  age: "too old",
  deleted: "deleted",
  purged: "purged",
  rollup: "rolled up",
} as const;

/** Slots that are gone dissolve in place; the newest says why. */
function paintLeft(
  { brush, scene, view }: Picture,
  marks: TapeMarksView,
  boxes: ReadonlyMap<number, SlotBox>,
): void {
  const place = scene.tapes.get(marks.stream);
  if (place === undefined) return;
  const { ctx, ink, k } = brush;
  const isTall = scene.look === "tall";
  let isSaid = false;
  for (const { seq, at, why } of marks.left) {
    const age = (view.at - at) / leftNanos;
    const box = boxes.get(seq);
    if (age < 0 || age >= 1 || box === undefined) continue;
    const x = place.x + box.x;
    const y = place.y + box.y;
    ctx.globalAlpha = 1 - age;
    ctx.strokeStyle = why === "acked" ? ink.stored : ink.line;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([1.5, 2 + 5 * age]);
    ctx.beginPath();
    ctx.roundRect(x, y, box.width, box.height, 4);
    ctx.stroke();
    ctx.setLineDash([]);
    if (!isSaid) {
      const words = { text: leftWords[why], colour: ink.text, family: ink.sans };
      if (isTall) label(brush, { x: x + box.width + 8, y: y + box.height / 2 + 4 }, words);
      else label(brush, { x: x - 2, y: y + box.height + 5 + 11 * k }, words);
      isSaid = true;
    }
  }
  ctx.globalAlpha = 1;
}

function paintLane({ brush, scene, view }: Picture, marks: LaneMarksView): void {
  paintPins({ brush, scene, view }, marks);
  const lane = scene.lanes.get(marks.consumer);
  const consumer = view.consumers.get(marks.consumer);
  const stream = view.streams.get(consumer?.stream ?? "");
  if (lane === undefined || consumer === undefined || stream === undefined) return;
  if (marks.paused === null) return;
  const needle = seqEdge(stream.cells, consumer.needle, scene.ruler);
  const text = `paused, ${pauseText(marks.paused.until - view.at)}`;
  const words = { text, colour: brush.ink.text, family: brush.ink.sans };
  if (scene.look === "tall") label(brush, { x: lane.x + 32, y: lane.y + needle + 37 }, words);
  else label(brush, { x: lane.x + needle + 24, y: lane.y + 4.5 }, words);
}

function pauseText(left: number): string {
  if (left < 120e9) return `${leftText(left)} left`;
  const minutes = left / 60e9;
  return minutes < 120 ? `${durationText(left)} left` : `${Math.round(minutes / 60)} h left`;
}

/** On the chairs: the pin of who is served, a hollow one on who waits for it. */
function paintPins({ brush, scene }: Picture, { group }: LaneMarksView): void {
  if (group === null) return;
  const pinned = group.pinned?.client ?? null;
  if (pinned !== null) pinOn(brush, scene, pinned, false);
  for (const { client, why } of group.waiting) {
    if (client !== null && client !== pinned && why !== "") pinOn(brush, scene, client, true);
  }
}

function pinOn({ ctx, ink }: Brush, scene: Scene, client: string, isHollow: boolean): void {
  const chair = scene.chairs.get(client);
  if (chair === undefined) return;
  const x = chair.x + chair.size - 3;
  const y = chair.y + 2;
  ctx.beginPath();
  ctx.arc(x, y - 1, 10, 0, Math.PI * 2);
  ctx.fillStyle = ink.canvas;
  ctx.fill();
  const pin = new Path2D(`M${x - 4} ${y - 7}h8l-1.4 2v4l3.4 3h-12l3.4-3v-4zM${x} ${y + 2}v6`);
  ctx.lineWidth = 1.4;
  ctx.lineJoin = "round";
  ctx.strokeStyle = isHollow ? ink.muted : ink.text;
  ctx.fillStyle = ink.text;
  if (!isHollow) ctx.fill(pin);
  ctx.stroke(pin);
}

/** The newest revision of a key with a life of its own. */
function paintKv({ brush, scene, view }: Picture, bucket: KvView): void {
  const place = scene.tapes.get(bucket.stream);
  if (place === undefined) return;
  const isTall = scene.look === "tall";
  const m = bucketMeasures(bucket, isTall ? place.depth : place.room, isTall);
  for (const [row, { revisions }] of bucket.keys.entries()) {
    const shown = revisions.slice(-m.revisions);
    for (const [index, { life }] of shown.entries()) {
      if (life === null) continue;
      const x = place.x + revisionX(m, shown.length, index);
      const y = place.y + row * rowPitch + 3;
      paintLife(brush, { x, y, width: m.slotWidth, height: 23, isSolid: false }, life, view.at);
    }
  }
}
