/** What is not the same in two branches, in words: the few things that matter, then all of it. */
import { useState } from "react";
import type { ComparisonView, DifferenceView } from "../../../worker/api.ts";
import { shortText } from "../../parts/figures.ts";

export function Differences({ comparison }: { readonly comparison: ComparisonView }) {
  const { differences, left, right, parted, same } = comparison;
  const [all, setAll] = useState(false);
  const main = differences.filter((one) => one.isMain);
  const shown = all ? differences : main;
  const rest = differences.length - main.length;
  if (differences.length === 0) {
    return (
      <p className="compare-none">
        {same
          ? "The same world on both sides, to the last bit."
          : "Nothing that anybody counts is different at this moment."}
      </p>
    );
  }
  return (
    <section className="compare-differences">
      <h2>What is different</h2>
      <p className="mut">{summary(comparison, main)}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">they parted at {shortText(parted)}</th>
            <th scope="col">{left.name}</th>
            <th scope="col">{right.name}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={`${one.label} ${one.name}`}>
              <th scope="row">
                {one.label} <span className="mono mut">{one.name}</span>
              </th>
              <td>{one.left}</td>
              <td>{one.right}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest === 0 ? null : (
        <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "only what matters most" : `and ${rest} more counters`}
        </button>
      )}
    </section>
  );
}

/** One sentence about what came of it. */
function summary(comparison: ComparisonView, main: readonly DifferenceView[]): string {
  const { left, right } = comparison;
  if (left.ledger.broken !== right.ledger.broken) {
    const [worse, better] =
      left.ledger.broken > right.ledger.broken ? [left, right] : [right, left];
    const broken = worse.ledger.broken - better.ledger.broken;
    return `${worse.name} broke ${broken} more ${broken === 1 ? "promise" : "promises"} than ${better.name}.`;
  }
  if (left.ledger.kept !== right.ledger.kept) {
    const [more, fewer] = left.ledger.kept > right.ledger.kept ? [left, right] : [right, left];
    const kept = more.ledger.kept - fewer.ledger.kept;
    return `${more.name} has kept ${kept} more ${kept === 1 ? "promise" : "promises"} than ${fewer.name} by now.`;
  }
  if (main.length === 0) return "The promises are the same; only details differ.";
  return "The promises are the same, the way there was not.";
}
