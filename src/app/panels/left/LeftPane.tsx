import { Tabs } from "../../parts/Tabs.tsx";
import type { LeftTab } from "../../store/page.ts";
import { selectLeftTab } from "../../store/select-page.ts";
import { useView } from "../../store/view.ts";
import { FaultList } from "./FaultList.tsx";
import { ScenarioText } from "./ScenarioText.tsx";
import { Trace } from "./Trace.tsx";

const tabs: readonly { readonly id: LeftTab; readonly name: string }[] = [
  { id: "trace", name: "Trace" },
  { id: "scenario", name: "Scenario" },
  { id: "faults", name: "Faults" },
];

export function LeftPane() {
  const tab = useView(selectLeftTab);
  return (
    <aside className="left pane" aria-label="Trace, scenario and faults">
      <Tabs
        label="Left pane"
        tabs={tabs}
        chosen={tab}
        onChoose={(leftTab) => useView.getState().choose({ leftTab })}
      />
      {tab === "trace" ? <Trace /> : tab === "scenario" ? <ScenarioText /> : <FaultList />}
    </aside>
  );
}
