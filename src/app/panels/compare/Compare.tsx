/** Two branches side by side at the instant of the rail: what was done, what it came to. */
import { useEffect, useState } from "react";
import type { ComparedView, ComparisonView } from "../../../worker/api.ts";
import { engine } from "../../engine.ts";
import { IconButton } from "../../parts/Button.tsx";
import { clockText, shortText } from "../../parts/figures.ts";
import { useElementSize } from "../../parts/useElementSize.ts";
import { selectBranches } from "../../store/select-branch.ts";
import { selectComparing } from "../../store/select-page.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectPlaying } from "../../store/session.ts";
import { type Comparing, useView } from "../../store/view.ts";
import "./compare.css";
import { Differences } from "./Differences.tsx";
import { MiniTapes } from "./MiniTapes.tsx";

export function Compare() {
  const comparing = useView(selectComparing);
  const [ref, { width }] = useElementSize<HTMLElement>();
  const stacked = width < 560;
  const room = stacked ? width - 32 : (width - 72) / 2;
  const comparison = useComparison(comparing, slotsFor(room));
  return (
    <section className="compare scroll" aria-label="Comparison" ref={ref} data-stacked={stacked}>
      <CompareHead comparison={comparison} />
      {comparison === null ? (
        <p className="mut">Playing both branches up to this moment.</p>
      ) : (
        <>
          <div className="compare-sides">
            <Side side={comparison.left} parted={comparison.parted} room={room} />
            <Side side={comparison.right} parted={comparison.parted} room={room} />
          </div>
          <Differences comparison={comparison} />
        </>
      )}
    </section>
  );
}

/** Narrow slots; a row begins with the name of its server. */
const slotRoom = 15;
const rowHead = 60;

function slotsFor(room: number): number {
  return Math.max(4, Math.floor((room - rowHead) / slotRoom) - 3);
}

/** Asked for anew when time stands at another instant, or other branches are chosen. */
function useComparison(comparing: Comparing | null, slots: number): ComparisonView | null {
  const [comparison, setComparison] = useState<ComparisonView | null>(null);
  const playing = useView(selectPlaying);
  const millis = useView(selectMillis);
  const { left, right } = comparing ?? { left: 0, right: 0 };
  // While time runs the last answer stays: each one plays both branches again.
  const at = playing ? null : millis;
  useEffect(() => {
    if (at === null) return;
    let isWanted = true;
    void engine()
      .compare({ left, right, at: useView.getState().at, slots })
      .then((answer) => {
        if (isWanted) setComparison(answer);
      });
    return () => {
      isWanted = false;
    };
  }, [left, right, at, slots]);
  return comparison;
}

function CompareHead({ comparison }: { readonly comparison: ComparisonView | null }) {
  const comparing = useView(selectComparing);
  const millis = useView(selectMillis);
  const playing = useView(selectPlaying);
  if (comparing === null) return null;
  const { left, right } = comparing;
  const compare = (next: Comparing | null) => useView.getState().choose({ comparing: next });
  const behind = comparison !== null && Math.floor(comparison.at / 1e6) < millis;
  return (
    <header className="compare-head">
      <BranchPick label="Left" value={left} onPick={(id) => compare({ left: id, right })} />
      <IconButton
        name="Swap sides"
        mark="flip"
        onClick={() => compare({ left: right, right: left })}
      />
      <BranchPick label="Right" value={right} onPick={(id) => compare({ left, right: id })} />
      <span className="mut compare-at">
        {comparison === null
          ? ""
          : playing
            ? `at ${clockText(comparison.at)}; stop time to look again`
            : behind
              ? `at ${clockText(comparison.at)}, the newest that both have reached`
              : `both at ${clockText(comparison.at)}`}
      </span>
      <span className="grow" />
      <IconButton name="Close the comparison" mark="close" onClick={() => compare(null)} />
    </header>
  );
}

interface BranchPickProps {
  readonly label: string;
  readonly value: number;
  readonly onPick: (id: number) => void;
}

function BranchPick({ label, value, onPick }: BranchPickProps) {
  const branches = useView(selectBranches);
  return (
    <select
      aria-label={`${label} branch`}
      value={value}
      onChange={(event) => onPick(Number(event.target.value))}
    >
      {branches.map((branch) => (
        <option key={branch.id} value={branch.id}>
          {branch.name}
        </option>
      ))}
    </select>
  );
}

interface SideProps {
  readonly side: ComparedView;
  readonly parted: number;
  readonly room: number;
}

const promises = [
  ["kept", "kept", "kept"],
  ["broken", "broken", "broken"],
  ["doubled", "doubled", "doubled"],
  ["refused", "refused", "refused"],
] as const;

function Side({ side, parted, room }: SideProps) {
  return (
    <article className="compare-side" aria-label={`branch ${side.name}`}>
      <h2>{side.name}</h2>
      <ul className="compare-inputs">
        {side.inputs.length === 0 ? (
          <li className="mut">nothing else was done after {shortText(parted)}</li>
        ) : (
          side.inputs.map(({ at, text }) => (
            <li key={`${at} ${text}`}>
              <span className="time">{shortText(at)}</span>
              <code>{text}</code>
            </li>
          ))
        )}
      </ul>
      {side.streams.map((stream) => (
        <MiniTapes key={stream.id} side={side} stream={stream} room={room} />
      ))}
      {side.streams.length === 0 ? <p className="mut">No stream is there.</p> : null}
      <dl className="compare-ledger">
        {promises.map(([key, word]) => (
          <div key={key} data-some={side.ledger[key] > 0} data-kind={key}>
            <dt>{word}</dt>
            <dd>{side.ledger[key]}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}
