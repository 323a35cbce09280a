/** One mark of the rail: a symbol, a tick or a band, with its words where there is room. */
import { memo } from "react";
import type { MarkView } from "../../../worker/frames.ts";
import { clockText } from "../../parts/figures.ts";
import { spread } from "./window.ts";

interface OneMarkProps {
  readonly mark: MarkView;
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly before: number;
  readonly scale: number;
  readonly rows: 1 | 3;
  /** Up to where what still lasts is drawn. */
  readonly until: number;
}

const symbols: Partial<Record<MarkView["kind"], string>> = {
  command: "cmd",
  fault: "bolt",
  again: "hook",
  lost: "x",
  refused: "refused",
  broken: "broken",
  candidate: "hand",
  branch: "branch",
};

/** Term colours go round; the number is always there too. */
const termColours = 5;

/** Hundreds lie side by side, and a new one moves none of the others. */
export const OneMark = memo(function OneMark(props: OneMarkProps) {
  const { mark, x, y } = props;
  switch (mark.kind) {
    case "kept":
    case "leaderless":
      return <Band {...props} />;
    case "leader":
      return <Reign mark={mark} x={x} y={y} />;
    default:
      return <Sign {...props} />;
  }
});

function Band({ mark, x, y, scale, rows, until }: OneMarkProps) {
  const end = mark.until ?? (mark.kind === "kept" ? mark.at : until);
  const width = Math.max(2, (end - mark.at) * scale);
  if (mark.kind === "kept") {
    return rows === 1 ? null : <path d={`M${x} ${y}h${width}`} className="band-kept" />;
  }
  const fits = rows === 3 && width > mark.label.length * 6.4 + 12;
  return (
    <g className="band-leaderless">
      <title>{`${clockText(mark.at)} ${mark.label}`}</title>
      <path d={`M${x} ${y}h${width}`} />
      {fits ? (
        <text x={x + 8} y={y + 4} className="s">
          {mark.label}
        </text>
      ) : null}
    </g>
  );
}

/** A leader begins: the number of its term in a hexagon. */
function Reign({ mark, x, y }: Pick<OneMarkProps, "mark" | "x" | "y">) {
  const color = `var(--term-${((Number(mark.label) - 1) % termColours) + 1})`;
  return (
    <g className="reign" style={{ color }}>
      <title>{`${clockText(mark.at)} a leader in term ${mark.label}`}</title>
      <circle cx={x} cy={y} r="9" />
      <use href="#m-hex" x={x - 10} y={y - 10} width="20" height="20" />
      <text x={x} y={y + 4.2} className="c">
        {mark.label}
      </text>
    </g>
  );
}

function Sign({ mark, x, y, room, before, rows }: OneMarkProps) {
  const size = mark.kind === "lost" ? 12 : 16;
  const lift = rows === 1 && mark.kind === "fault" ? 13 : 0;
  const isFault = mark.kind === "fault";
  return (
    <g>
      <title>{`${clockText(mark.at)} ${mark.label}`}</title>
      <use
        href={`#m-${symbols[mark.kind] ?? "now"}`}
        x={x - size / 2}
        y={y - size / 2 - lift}
        width={size}
        height={size}
      />
      {!mark.loud || rows === 1 ? null : isFault && before > mark.label.length * 6.2 ? (
        <text x={x - size / 2 - 2} y={y + 4} className="s e">
          {mark.label}
        </text>
      ) : room > 60 ? (
        <text x={x + size / 2 + 4} y={y + 4} className={isFault ? "s" : "s m"}>
          {spread(mark.label, room - 24)}
        </text>
      ) : null}
    </g>
  );
}
