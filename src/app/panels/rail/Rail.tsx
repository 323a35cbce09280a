/** Time: transport, the rail of three lanes, and where this branch stands. */
import { useState } from "react";
import { chooseSpeed, seek, speeds, step, toEnd, togglePlay } from "../../actions/transport.ts";
import { IconButton } from "../../parts/Button.tsx";
import { clockText, speedText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Menu } from "../../parts/Menu.tsx";
import { useThrottled } from "../../parts/useThrottled.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectPlaying, selectRun } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { BranchButton, Branches } from "./Branches.tsx";
import { Timeline } from "./Timeline.tsx";

export function Rail({ narrow }: { narrow: boolean }) {
  return (
    <section className="rail" aria-label="Timeline">
      {narrow ? (
        <>
          <Timeline lanes={1} />
          <Transport narrow />
        </>
      ) : (
        <>
          <Transport narrow={false} />
          <Timeline lanes={3} />
          <Branches />
        </>
      )}
    </section>
  );
}

function Transport({ narrow }: { narrow: boolean }) {
  const playing = useView(selectPlaying);
  const interesting = "Step to next interesting";
  return (
    <div className="transport">
      {narrow ? null : (
        <IconButton
          name="To start"
          mark="first"
          hint="To start  Home"
          onClick={() => void seek(0)}
        />
      )}
      <IconButton
        name="Step back"
        mark="back"
        hint="Step back  ,"
        onClick={() => void step("event", true)}
      />
      <IconButton
        name={playing ? "Pause" : "Play"}
        mark={playing ? "pause" : "play"}
        look="line"
        hint={playing ? "Pause  space" : "Play  space"}
        onClick={() => void togglePlay()}
      />
      <IconButton
        name={interesting}
        mark="step"
        hint={`${interesting}  >`}
        onClick={() => void step("interesting")}
      />
      {narrow ? null : (
        <IconButton name="To end" mark="last" hint="To end  End" onClick={() => void toEnd()} />
      )}
      {narrow ? <BranchButton narrow /> : null}
      <Clock />
    </div>
  );
}

/** Thousandths are read when time stands; while it runs nobody sees more than ten a second. */
export const clockMs = 100;

export function Clock() {
  const millis = useThrottled(selectMillis, clockMs);
  const run = useView(selectRun);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <div className="clock">
      <b>{clockText(millis * 1e6)}</b>
      <button
        type="button"
        aria-haspopup="menu"
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {run.playing ? "running" : "stopped"} · speed {speedText(run.speed)}
      </button>
      {anchor === null ? null : (
        <Menu label="Speed" anchor={anchor} onClose={() => setAnchor(null)}>
          {speeds.map((speed) => (
            <button
              key={speed}
              type="button"
              role="menuitemradio"
              aria-checked={speed === run.speed}
              onClick={() => {
                void chooseSpeed(speed);
                setAnchor(null);
              }}
            >
              {speed === run.speed ? <Mark name="tick" /> : <span />}
              {typeof speed === "number" ? `${speedText(speed)} × real time` : speedText(speed)}
            </button>
          ))}
        </Menu>
      )}
    </div>
  );
}
