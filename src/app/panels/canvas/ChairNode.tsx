import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { selectClient } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { selectForm } from "./cluster-store.ts";
import type { ThingNode } from "./ServerNode.tsx";
import { selectChairPlace, selectLook, useScene } from "./scene-store.ts";
import { Thing } from "./Thing.tsx";

/** A client: a chair with its name, what it is and what it does. */
export const ChairNode = memo(function ChairNode({ data }: NodeProps<ThingNode>) {
  const client = useView(selectClient(data.id));
  const place = useScene(selectChairPlace(data.id));
  const look = useScene(selectLook);
  const form = useScene(selectForm);
  if (client === undefined || place === undefined) return null;
  const { size } = place;
  const end = place.align === "end" && look !== "plain";
  const x = end ? size + 2 : size / 2;
  const side = end ? "e" : "c";
  const words = client.state === "up" ? client.doing : client.state;
  const both = !end || client.kind === "publisher";
  const short = client.kind === "terminal" ? "" : client.name.slice(0, 3);
  return (
    <Thing
      id={data.id}
      name={`${client.label === client.name ? client.kind : client.label} ${client.name}`}
      className="chair"
      role={client.state}
    >
      <svg width={size} height={size} aria-hidden="true">
        <rect
          x="0.6"
          y="0.6"
          width={size - 1.2}
          height={size - 1.2}
          rx="10"
          className="chair-box"
        />
        {client.kind === "terminal" ? (
          <use href="#m-cmd" x={size / 2 - 10} y={size / 2 - 10} width="20" height="20" />
        ) : client.state === "frozen" ? (
          <use href="#m-frost" x={size / 2 - 10} y={size / 2 - 10} width="20" height="20" />
        ) : (
          <text x={size / 2} y={size / 2 + 5.4} className="n c">
            {short}
          </text>
        )}
        {form === "slim" ? null : place.label === "above" ? (
          look === "tall" ? null : (
            <text x={size / 2} y="-9" className="m s c halo">
              {client.label}
            </text>
          )
        ) : (
          <>
            <text x={x} y={size + 18} className={`m s ${side} halo`}>
              {both ? client.label : words || client.label}
            </text>
            {both && words !== "" && look !== "plain" ? (
              <text x={x} y={size + 33} className={`m ${side} halo`}>
                {words}
              </text>
            ) : null}
          </>
        )}
      </svg>
    </Thing>
  );
});
