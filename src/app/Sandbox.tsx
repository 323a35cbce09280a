/** The sandbox: header, panes, canvas, rail and terminal; a drawer instead of panes when narrow. */
import { type CSSProperties, lazy, Suspense, useState } from "react";
import { loadTerminal, terminalNow } from "./load-terminal.ts";
import { Canvas } from "./panels/canvas/Canvas.tsx";
import { CanvasTop, Caption } from "./panels/canvas/CanvasFrame.tsx";
import { Header } from "./panels/header/Header.tsx";
import { Ledger } from "./panels/header/Ledger.tsx";
import { Inspector } from "./panels/inspector/Inspector.tsx";
import { FaultList } from "./panels/left/FaultList.tsx";
import { LeftPane, LessonChunk } from "./panels/left/LeftPane.tsx";
import { Story } from "./panels/left/Story.tsx";
import { Trace } from "./panels/left/Trace.tsx";
import { Rail } from "./panels/rail/Rail.tsx";
import { Splitter } from "./parts/Splitter.tsx";
import { Tabs } from "./parts/Tabs.tsx";
import { narrowQuery, useMedia } from "./parts/useMedia.ts";
import { selectHasLesson } from "./store/lesson.ts";
import type { DrawerTab } from "./store/page.ts";
import { selectDrawerTab, selectLayout, selectShut, selectWidths } from "./store/select-page.ts";
import { useView, type View } from "./store/view.ts";

const LateTerminal = lazy(loadTerminal);

const Compare = lazy(() =>
  import("./panels/compare/Compare.tsx").then((m) => ({ default: m.Compare })),
);

const selectIsComparing = (view: View) => view.comparing !== null;

function CompareChunk() {
  return (
    <Suspense fallback={<section className="compare" aria-label="Comparison" />}>
      <Compare />
    </Suspense>
  );
}

export function Sandbox() {
  const narrow = useMedia(narrowQuery);
  return (
    <>
      {narrow ? <NarrowSandbox /> : <WideSandbox />}
      <Story />
    </>
  );
}

export function TerminalChunk() {
  // What is here already is part of the first picture, not of a second one.
  const [TerminalPane] = useState(() => terminalNow() ?? LateTerminal);
  return (
    <Suspense fallback={<section className="term" aria-label="Terminals" />}>
      <TerminalPane />
    </Suspense>
  );
}

/** Below this the canvas would fall under its least width beside both panes. */
const tightQuery = "(max-width: 1179px)";

function WideSandbox() {
  const layout = useView(selectLayout);
  const comparing = useView(selectIsComparing);
  const widths = useView(selectWidths);
  const folded = useView(selectShut);
  const tight = useMedia(tightQuery);
  const hasLesson = useView(selectHasLesson);
  // Where only one pane has room, a lesson has it.
  const usual = { left: tight && !hasLesson, right: tight && hasLesson };
  const shut = { left: folded.left ?? usual.left, right: folded.right ?? usual.right };
  const style = {
    "--w-left": shut.left ? "40px" : `${widths.left}px`,
    "--w-right": shut.right ? "40px" : `${widths.right}px`,
    "--h-bottom": `${widths.bottom}px`,
  } as CSSProperties;
  const size = (change: Partial<typeof widths>) =>
    useView.getState().choose({ widths: { ...widths, ...change } });
  const fold = (change: Partial<typeof shut>) => {
    // Where only one pane fits beside the canvas, the one that opens takes the other's place.
    const other = !tight ? {} : change.left === false ? { right: true } : { left: true };
    useView.getState().choose({ shut: { ...shut, ...other, ...change } });
  };
  return (
    <main className="frame" data-layout={layout} style={style}>
      <Header narrow={false} />
      {layout === "work" ? (
        <div className="left-slot" data-shut={shut.left}>
          {shut.left ? (
            <Unfold
              name={hasLesson ? "Open the lesson" : "Open the trace"}
              onOpen={() => fold({ left: false })}
            />
          ) : (
            <LeftPane />
          )}
          <Splitter
            label="Width of the left pane"
            axis="x"
            value={widths.left}
            min={240}
            max={400}
            onChange={(left) => size({ left })}
            onFold={() => fold({ left: !shut.left })}
          />
        </div>
      ) : null}
      {comparing ? (
        <CompareChunk />
      ) : (
        <Canvas>
          <CanvasTop />
          <Caption faults />
        </Canvas>
      )}
      {layout === "work" ? (
        <div className="right-slot" data-shut={shut.right}>
          <Splitter
            label="Width of the inspector"
            axis="x"
            value={widths.right}
            min={280}
            max={480}
            reversed
            onChange={(right) => size({ right })}
            onFold={() => fold({ right: !shut.right })}
          />
          {shut.right ? (
            <Unfold name="Open the inspector" onOpen={() => fold({ right: false })} />
          ) : (
            <Inspector />
          )}
        </div>
      ) : null}
      <Rail narrow={false} />
      {layout === "watch" ? null : (
        <div className="bottom">
          <Splitter
            label="Height of the terminal"
            axis="y"
            value={widths.bottom}
            min={120}
            max={Math.round(innerHeight * 0.6)}
            reversed
            onChange={(bottom) => size({ bottom })}
          />
          <TerminalChunk />
        </div>
      )}
    </main>
  );
}

function Unfold({ name, onOpen }: { name: string; onOpen: () => void }) {
  return (
    <button type="button" className="unfold" aria-label={name} onClick={onOpen}>
      <svg className="i" aria-hidden="true">
        <use href="#m-step" />
      </svg>
    </button>
  );
}

const drawerTabs: readonly { readonly id: DrawerTab; readonly name: string }[] = [
  { id: "trace", name: "Trace" },
  { id: "why", name: "Why" },
  { id: "terminal", name: "Terminal" },
  { id: "faults", name: "Faults" },
];

const lessonDrawerTabs = [
  { id: "lesson", name: "Lesson" },
  ...drawerTabs.filter(({ id }) => id !== "trace"),
] as const;

function NarrowSandbox() {
  const comparing = useView(selectIsComparing);
  const hasLesson = useView(selectHasLesson);
  const tab = useView(selectDrawerTab);
  return (
    <main className="phone" data-tab={tab}>
      <Header narrow />
      <Ledger />
      {comparing ? <CompareChunk /> : <Canvas frame="phone" />}
      {comparing ? null : <Caption faults={false} />}
      <Rail narrow />
      <section className="drawer" data-tab={tab} aria-label="Drawer">
        <Tabs
          label="Drawer"
          tabs={hasLesson ? lessonDrawerTabs : drawerTabs}
          chosen={tab}
          onChoose={(drawerTab) => useView.getState().choose({ drawerTab })}
        />
        {tab === "lesson" ? (
          <div className="pane left">
            <LessonChunk narrow />
          </div>
        ) : null}
        {tab === "trace" ? (
          <div className="pane left">
            <Trace />
          </div>
        ) : null}
        {tab === "why" ? <Inspector /> : null}
        {tab === "faults" ? (
          <div className="pane">
            <FaultList />
          </div>
        ) : null}
        {tab === "terminal" ? <TerminalChunk /> : null}
      </section>
    </main>
  );
}
