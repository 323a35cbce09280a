import type { Node, NodeProps } from "@xyflow/react";
import { memo } from "react";
import { openFaultMenu } from "../../actions/fault-menu.ts";
import { bytesText, leftText } from "../../parts/figures.ts";
import { useThrottled } from "../../parts/useThrottled.ts";
import { selectServer } from "../../store/select-world.ts";
import { useView, type View } from "../../store/view.ts";
import { selectBare, selectLook, selectServerPlace, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

export type ThingNode = Node<{ id: string }>;

export const stateWords = {
  up: "up",
  down: "killed",
  frozen: "frozen",
  "lame-duck": "lame duck",
  off: "without power",
};
export const stateMarks = {
  up: "follow",
  down: "dead",
  frozen: "frost",
  "lame-duck": "slow",
  off: "power",
};

/** A server: corners only, because a full frame competes with cables. */
export const ServerNode = memo(function ServerNode({ data }: NodeProps<ThingNode>) {
  const server = useView(selectServer(data.id));
  const place = useScene(selectServerPlace(data.id));
  const look = useScene(selectLook);
  const bare = useScene(selectBare(data.id));
  if (server === undefined || place === undefined) return null;
  const { width: w, height: h } = place;
  const role = server.state !== "up" ? server.state : (server.role ?? "up");
  const name =
    server.role !== null && server.state === "up"
      ? `${server.name}, ${server.role}, term ${server.term}`
      : `${server.name}, ${stateWords[server.state]}`;
  if (look !== "wide" && !bare) {
    return (
      <Thing id={data.id} name={name} className="server" role={role}>
        {/* Without a size the graph would hide the article, also from those who listen. */}
        <svg width={w} height={h} aria-hidden="true" />
        {server.state === "up" ? null : (
          <span className="server-state">
            {server.name} {stateWords[server.state]}
          </span>
        )}
      </Thing>
    );
  }
  return (
    <Thing id={data.id} name={name} className="server" role={role}>
      <svg width={w} height={h} aria-hidden="true">
        <path
          d={`M0 14V10A10 10 0 0 1 10 0H24M${w - 24} 0H${w - 10}A10 10 0 0 1 ${w} 10V24
              M0 ${h - 16}V${h - 10}A10 10 0 0 0 10 ${h}H24
              M${w - 24} ${h}H${w - 10}A10 10 0 0 0 ${w} ${h - 10}V${h - 16}`}
          className="corners"
        />
        <Disk id={data.id} height={h} />
      </svg>
      <button
        type="button"
        className="server-name nopan"
        aria-haspopup="menu"
        aria-label={`faults on ${server.name}`}
        onClick={(event) => openFaultMenu(data.id, event.currentTarget)}
      >
        {server.name}
        {server.state === "up" ? null : (
          <>
            <svg className="i" aria-hidden="true">
              <use href={`#m-${stateMarks[server.state]}`} />
            </svg>
            <span>{stateWords[server.state]}</span>
          </>
        )}
        <svg className="i caret" aria-hidden="true">
          <use href="#m-down" />
        </svg>
      </button>
      {server.note === "" ? null : <span className="server-note">{server.note}</span>}
    </Thing>
  );
});

/** Tenths of a second are enough, and bytes are read, not watched. */
const diskMs = 100;

function Disk({ id, height }: { id: string; height: number }) {
  const disk = useThrottled(selectDisk(id), diskMs);
  if (disk === "") return null;
  return (
    <>
      <use href="#m-disk" x="23" y={height - 43} width="18" height="18" className="quiet-mark" />
      <text x="48" y={height - 30} className="m">
        {disk}
      </text>
    </>
  );
}

/** A sentence about what a power cut would take now. */
const selectDisk = (id: string) => (view: View) => {
  const server = view.servers.get(id);
  if (server === undefined || server.unsyncedSince === null) return "";
  const age = Math.floor((view.at - server.unsyncedSince) / 1e8) * 1e8;
  return `${bytesText(server.unsyncedBytes)} unsynced, oldest ${leftText(age)}`;
};
