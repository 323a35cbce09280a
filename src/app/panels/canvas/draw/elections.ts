/** Election timers: a ring for each member that runs one, full at the longest that can be drawn. */
import type { ElectionView } from "../../../../worker/frames.ts";
import { leftText } from "../../../parts/figures.ts";
import type { View } from "../../../store/view.ts";
import type { RowPlace, Scene } from "../layout/scene.ts";
import { type Brush, fade, label } from "./brush.ts";

/** The longest election timer. Source: nats-server `maxElectionTimeoutDefault`. */
const longest = 9e9;
/**
 * With a heartbeat each second a timer of 4 to 9 s never has less than this left: below it, the
 * leader has been silent, and the ring says how long it still waits.
 */
const silentBelow = 3e9;

export function paintElections(brush: Brush, scene: Scene, view: View): void {
  const { cluster } = scene;
  if (cluster === null) return;
  for (const row of cluster.rows.values()) {
    const timer = view.elections.find((one) => isOf(one, row));
    if (timer === undefined) continue;
    // What a candidate has in words there are its votes.
    const isBare = cluster.form === "dense" || isCandidate(view, row);
    paintTimer(brush, row, { left: timer.at - view.at, isBare });
  }
}

function isCandidate(view: View, { group, server }: RowPlace): boolean {
  const members = view.groups.get(group)?.members ?? [];
  return members.some((member) => member.server === server && member.state === "candidate");
}

function isOf({ group, server }: ElectionView, row: RowPlace): boolean {
  return group === row.group && server === row.server;
}

function paintTimer(
  brush: Brush,
  { ring }: RowPlace,
  { left, isBare }: { readonly left: number; readonly isBare: boolean },
): void {
  const { ctx, ink } = brush;
  if (left <= 0) return;
  const isSilent = left < silentBelow;
  ctx.lineCap = "butt";
  ctx.lineWidth = 3;
  ctx.beginPath();
  ctx.arc(ring.x, ring.y, 7, 0, Math.PI * 2);
  ctx.strokeStyle = fade(ink.line, 0.3);
  ctx.stroke();
  const top = -Math.PI / 2;
  ctx.beginPath();
  ctx.arc(ring.x, ring.y, 7, top, top + Math.PI * 2 * Math.min(1, left / longest));
  ctx.strokeStyle = isSilent ? ink.waiting : ink.line;
  ctx.stroke();
  if (!isSilent || isBare) return;
  const at = { x: ring.x + 15, y: ring.y + 4.2 };
  label(brush, at, { text: leftText(left), colour: ink.text, weight: 600 });
}
