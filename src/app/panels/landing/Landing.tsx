/** The first sixty seconds: no sign-up, no modal; a running scene and one line to follow. */

import { leaveLanding } from "../../actions/landing.ts";
import { openWorld } from "../../actions/open-world.ts";
import { runAction } from "../../actions/registry.ts";
import { pause } from "../../actions/transport.ts";
import { Button } from "../../parts/Button.tsx";
import { Mark } from "../../parts/Mark.tsx";
import { TerminalChunk } from "../../Sandbox.tsx";
import { type Beat, selectBeat } from "../../store/landing.ts";
import { useView } from "../../store/view.ts";
import { Canvas } from "../canvas/Canvas.tsx";
import { ThemeButton } from "../header/Header.tsx";
import { AckHandle } from "./AckHandle.tsx";
import { Foot } from "./Foot.tsx";
import { Say } from "./Say.tsx";
import { useBeats } from "./useBeats.ts";

const steps: readonly { readonly beats: readonly Beat[]; readonly words: string }[] = [
  { beats: ["stop"], words: "stop time" },
  { beats: ["lose"], words: "lose an ack" },
  { beats: ["guess"], words: "guess" },
  { beats: ["run"], words: "let it run" },
];
const order: readonly Beat[] = ["stop", "lose", "guess", "run", "write", "doors"];

export function Landing() {
  const beat = useView(selectBeat);
  useBeats();
  if (beat === null) return null;
  return (
    <main className="landing" data-beat={beat}>
      <header className="head">
        <div className="brand">
          <Mark name="brand" />
          Windtunnel
        </div>
        <span className="mut tagline">a wind tunnel for NATS JetStream, in your browser</span>
        <span className="grow" />
        <Button keyHint="Esc" onClick={leaveLanding}>
          Skip
        </Button>
        <ThemeButton />
      </header>
      <div className="hero">
        <Say />
        <ol className="beats" aria-label="Four steps">
          {steps.map((step) => (
            <Step key={step.words} words={step.words} beat={beat} beats={step.beats} />
          ))}
        </ol>
        <div
          className="hero-canvas"
          onPointerUp={(event) => {
            if (event.pointerType === "touch" && beat === "stop") void pause();
          }}
        >
          <Canvas frame="hero">
            <AckHandle />
          </Canvas>
        </div>
      </div>
      {beat === "write" ? (
        <div className="landing-terminal">
          <TerminalChunk />
        </div>
      ) : (
        <Doors />
      )}
      <Foot />
    </main>
  );
}

function Step({ words, beat, beats }: { words: string; beat: Beat; beats: readonly Beat[] }) {
  const now = beats.includes(beat);
  const done = !now && order.indexOf(beat) > order.indexOf(beats[0] as Beat);
  return (
    <li className={now ? "now" : undefined} aria-current={now ? "step" : undefined}>
      <Mark name={done ? "tick" : now ? "now" : "todo"} />
      {words}
    </li>
  );
}

function Doors() {
  const lessons = () => {
    leaveLanding();
    runAction("lessons");
  };
  const shelf = () => {
    leaveLanding();
    runAction("shelf");
  };
  const blank = () => {
    leaveLanding();
    void openWorld({}).then(() => runAction("terminal"));
  };
  return (
    <ul className="doors">
      <li>
        <button type="button" onClick={lessons}>
          <svg viewBox="0 0 88 30" width="88" height="30" aria-hidden="true">
            <path d="M1 15H88" className="hairline" />
            <rect x="4" y="4" width="16" height="22" rx="3" className="slot slot-wet" />
            <rect x="24" y="4" width="16" height="22" rx="3" className="slot slot-wet" />
            <rect x="44" y="4" width="16" height="22" rx="3" className="slot-next" />
            <g className="needle">
              <path d="M63 2v26" />
            </g>
          </svg>
          <span className="t">Learn</span>
          <span className="mut">short lessons, from the first stream on</span>
        </button>
      </li>
      <li>
        <button type="button" onClick={shelf}>
          <svg viewBox="0 0 88 30" width="88" height="30" aria-hidden="true">
            <path d="M1 15H34M54 15H88" className="l-there" />
            <path d="M37 3l-4 7 5 5-5 6 3 7M52 3l-4 7 5 5-5 6 3 7" className="tear" />
          </svg>
          <span className="t">Break things</span>
          <span className="mut">kill, drop, freeze, pull the plug</span>
        </button>
      </li>
      <li>
        <button type="button" onClick={blank}>
          <svg viewBox="0 0 88 30" width="88" height="30" aria-hidden="true">
            <rect x="2" y="4" width="56" height="22" rx="6" className="slot-next" />
            <path d="M72 9v12M66 15h12" className="l-arrow" />
          </svg>
          <span className="t">Blank tunnel</span>
          <span className="mut">your own streams and commands</span>
        </button>
      </li>
    </ul>
  );
}
