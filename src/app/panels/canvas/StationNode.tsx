/** A server of a cluster: a station at the end of its clients' rail, its name, its state. */
import type { NodeProps } from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { openFaultMenu } from "../../actions/fault-menu.ts";
import { Mark } from "../../parts/Mark.tsx";
import { selectGroup } from "../../store/select-cluster.ts";
import { selectServer } from "../../store/select-world.ts";
import { useView, type View } from "../../store/view.ts";
import { selectForm, selectRowPlace, selectStation } from "./cluster-store.ts";
import { MemberStatus } from "./MemberStatus.tsx";
import { stateMarks, stateWords, type ThingNode } from "./ServerNode.tsx";
import { selectServerPlace, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

export const StationNode = memo(function StationNode({ data }: NodeProps<ThingNode>) {
  const { id } = data;
  const server = useView(selectServer(id));
  const place = useScene(selectServerPlace(id));
  const station = useScene(selectStation(id));
  const form = useScene(selectForm);
  const isCutOff = useView(selectCutOff(id));
  if (server === undefined || place === undefined || station === undefined) return null;
  const { name, state, role, term } = server;
  const words = state === "up" && role !== null ? `${role}, term ${term}` : stateWords[state];
  const [x, y] = [station.x - place.x, station.y - place.y];
  return (
    <Thing
      id={id}
      name={`${name}, ${words}`}
      className="server station"
      role={state === "up" ? (role ?? "up") : state}
    >
      <svg width={place.width} height={place.height} aria-hidden="true">
        {station.isUsed ? null : (
          <path d={`M${x + 8} ${y}H${station.right - place.x}`} className="rail-line" />
        )}
        <circle cx={x} cy={y} r="5" className="station-dot" />
        <MetaStatus id={id} />
      </svg>
      <span className="station-head" data-form={form} style={nameStyle(place.width)}>
        <button
          type="button"
          className="station-name nopan"
          aria-haspopup="menu"
          aria-label={`faults on ${name}`}
          onClick={(event) => {
            event.stopPropagation();
            openFaultMenu(id, event.currentTarget);
          }}
        >
          {name}
          <svg className="i caret" aria-hidden="true">
            <use href="#m-down" />
          </svg>
        </button>
        {state !== "up" ? (
          <span className="station-state">
            <Mark name={stateMarks[state]} /> {stateWords[state]}
          </span>
        ) : isCutOff ? (
          <span className="station-state cut">
            <Mark name="tear" /> cut off
          </span>
        ) : role === "leader" && form === "roomy" ? (
          <span className="station-state meta">
            <Mark name="crown" /> leads meta
          </span>
        ) : null}
      </span>
      {server.note === "" ? null : <span className="station-note">{server.note}</span>}
    </Thing>
  );
});

/** The room that names have, for what stands behind one. */
function nameStyle(width: number): CSSProperties {
  return { "--name": `${width}px` } as CSSProperties;
}

/** Where no stream is drawn, what there is of Raft is the group that all servers belong to. */
function MetaStatus({ id }: { readonly id: string }) {
  const row = useScene(selectRowPlace(id));
  const place = useScene(selectServerPlace(id));
  const group = useView(selectGroup(row?.group ?? ""));
  const form = useScene(selectForm);
  const member = group?.members.find((one) => one.server === id);
  if (row === undefined || place === undefined || group === undefined || member === undefined) {
    return null;
  }
  const at = { x: row.status.x - place.x, y: row.status.y - place.y };
  return <MemberStatus group={group} member={member} at={at} form={form} />;
}

/** Nothing gets through to any other server. */
const selectCutOff = (id: string) => (view: View) => {
  let routes = 0;
  for (const { a, b, cut } of view.routes.values()) {
    if (a !== id && b !== id) continue;
    if (cut === "no") return false;
    routes += 1;
  }
  return routes > 0;
};
