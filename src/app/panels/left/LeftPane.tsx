import { lazy, Suspense } from "react";
import { Tabs } from "../../parts/Tabs.tsx";
import { selectHasLesson } from "../../store/lesson.ts";
import type { LeftTab } from "../../store/page.ts";
import { selectLeftTab } from "../../store/select-page.ts";
import { useView } from "../../store/view.ts";
import { FaultList } from "./FaultList.tsx";
import { ScenarioText } from "./ScenarioText.tsx";
import { Trace } from "./Trace.tsx";

interface LeftTabName {
  readonly id: LeftTab;
  readonly name: string;
}

const tabs: readonly LeftTabName[] = [
  { id: "trace", name: "Trace" },
  { id: "scenario", name: "Scenario" },
  { id: "faults", name: "Faults" },
];

const lessonTabs: readonly LeftTabName[] = [{ id: "lesson", name: "Lesson" }, ...tabs];

const LessonPanel = lazy(() =>
  import("../lesson/LessonPanel.tsx").then((m) => ({ default: m.LessonPanel })),
);

/** The lesson's own code comes with the first lesson. */
export function LessonChunk({ narrow }: { narrow: boolean }) {
  return (
    <Suspense fallback={null}>
      <LessonPanel narrow={narrow} />
    </Suspense>
  );
}

export function LeftPane() {
  const hasLesson = useView(selectHasLesson);
  const tab = useView(selectLeftTab);
  return (
    <aside
      className="left pane"
      aria-label={hasLesson ? "Lesson, trace, scenario and faults" : "Trace, scenario and faults"}
    >
      <Tabs
        label="Left pane"
        tabs={hasLesson ? lessonTabs : tabs}
        chosen={tab}
        onChoose={(leftTab) => useView.getState().choose({ leftTab })}
      />
      {tab === "lesson" ? <LessonChunk narrow={false} /> : null}
      {tab === "trace" ? <Trace /> : null}
      {tab === "scenario" ? <ScenarioText /> : null}
      {tab === "faults" ? <FaultList /> : null}
    </aside>
  );
}
