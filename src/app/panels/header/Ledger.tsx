import { countText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import type { LedgerName } from "../../store/page.ts";
import { selectFilter } from "../../store/select-page.ts";
import { selectLedger } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";

const entries: readonly {
  readonly id: LedgerName;
  readonly name: string;
  readonly means: string;
}[] = [
  { id: "kept", name: "Kept", means: "PubAcks received and still true" },
  { id: "broken", name: "Broken", means: "acknowledged and lost" },
  { id: "doubled", name: "Doubled", means: "stored or processed twice" },
  { id: "refused", name: "Refused", means: "publishes that got an error" },
];

/** Promises, counted; a press filters trace and canvas to those messages. */
export function Ledger() {
  const ledger = useView(selectLedger);
  const filter = useView(selectFilter);
  return (
    <section className="ledger" aria-label="Ledger">
      {entries.map(({ id, name, means }) => (
        <button
          key={id}
          type="button"
          className="chip"
          title={`${name}: ${means}`}
          data-zero={ledger[id] === 0 ? "" : undefined}
          data-hot={id === "broken" && ledger.broken > 0 ? "broken" : undefined}
          aria-pressed={filter === id}
          onClick={() => useView.getState().choose({ filter: filter === id ? null : id })}
        >
          <Mark name={id} />
          <span>{name}</span> <b>{countText(ledger[id])}</b>
        </button>
      ))}
    </section>
  );
}
