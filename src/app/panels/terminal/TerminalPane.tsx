/** The terminal: its tabs, its screen, the paste guard. Loaded as its own chunk. */
import { useEffect, useRef, useState } from "react";
import type { ScreenSize } from "../../../worker/api.ts";
import type { TerminalView as TerminalState } from "../../../worker/frames.ts";
import { submit } from "../../actions/submit.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Mark } from "../../parts/Mark.tsx";
import { selectTerminal } from "../../store/select-page.ts";
import { selectPlaying, selectTerminals } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { TerminalScreen } from "./terminal-view.ts";

const first: TerminalState = { id: "t1", host: "n1", prompt: "n1 $ ", busy: false, raw: false };

export function TerminalPane() {
  const known = useView(selectTerminals);
  const chosen = useView(selectTerminal);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const ids = [...new Set(["t1", ...known.map((t) => t.id), ...opened])];
  const choose = (terminal: string) => useView.getState().choose({ terminal });
  const add = () => {
    const next = `t${ids.length + 1}`;
    setOpened([...opened, next]);
    choose(next);
  };
  const state = known.find((t) => t.id === chosen) ?? { ...first, id: chosen };
  return (
    <section className="term" aria-label="Terminals">
      <div className="bar">
        <div role="tablist" aria-label="Terminals" className="bar-tabs">
          {ids.map((id) => (
            <button
              key={id}
              type="button"
              role="tab"
              className="tab"
              aria-selected={id === chosen}
              onClick={() => choose(id)}
            >
              <Mark name="plug" />
              {ids.length === 1 ? (known.find((t) => t.id === id)?.host ?? first.host) : id}
            </button>
          ))}
        </div>
        <button type="button" className="tab" aria-label="New terminal" onClick={add}>
          <Mark name="plus" />
        </button>
        <span className="grow" />
        <span className="mut">nats 0.4.0</span>
      </div>
      <Screen key={chosen} state={state} />
    </section>
  );
}

function Screen({ state }: { state: TerminalState }) {
  const host = useRef<HTMLDivElement>(null);
  const screen = useRef<TerminalScreen | null>(null);
  const [script, setScript] = useState<string | null>(null);
  const playing = useView(selectPlaying);
  const initial = useRef(state);
  useEffect(() => {
    if (host.current === null) return;
    const made = new TerminalScreen(host.current, initial.current);
    made.onPaste = setScript;
    screen.current = made;
    const resize = new ResizeObserver(() => made.fit());
    resize.observe(host.current);
    const themes = new MutationObserver(() => made.dye());
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    void document.fonts.ready.then(() => made.fit());
    return () => {
      resize.disconnect();
      themes.disconnect();
      made.dispose();
      screen.current = null;
    };
  }, []);
  useEffect(() => {
    screen.current?.update(state, {
      idle: playing ? "" : "time is stopped, Ctrl Space lets it run",
    });
  }, [state, playing]);
  return (
    <>
      <div className="screen" ref={host} />
      {script === null ? null : (
        <PasteGuard
          script={script}
          onRun={(lines) => void runLines(lines, state.id, screen.current?.size)}
          onClose={() => setScript(null)}
        />
      )}
    </>
  );
}

async function runLines(
  lines: readonly string[],
  tty: string,
  size: ScreenSize | undefined,
): Promise<void> {
  for (const line of lines) await submit(line, tty, size);
}

interface PasteGuardProps {
  readonly script: string;
  readonly onRun: (lines: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Many lines at once are shown before they are run. */
function PasteGuard({ script, onRun, onClose }: PasteGuardProps) {
  const lines = script.split("\n").filter((line) => line.trim() !== "");
  return (
    <Dialog title={`Run these ${lines.length} lines?`} onClose={onClose}>
      <pre className="scenario scroll paste">{lines.join("\n")}</pre>
      <div className="foot-acts">
        <Button
          look="main"
          autoFocus
          onClick={() => {
            onRun(lines);
            onClose();
          }}
        >
          Run
        </Button>
        <Button onClick={onClose}>Do not run</Button>
      </div>
    </Dialog>
  );
}
