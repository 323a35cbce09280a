/** A rail of one lane: what was stored, where time stands, what is armed. */
import { step, togglePlay } from "../../actions/transport.ts";
import { IconButton } from "../../parts/Button.tsx";
import { clockText } from "../../parts/figures.ts";
import { selectMillis } from "../../store/select-world.ts";
import { selectPlaying } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { Timeline } from "../rail/Timeline.tsx";

export function Foot() {
  const playing = useView(selectPlaying);
  const millis = useView(selectMillis);
  return (
    <section className="foot" aria-label="Timeline">
      <div className="transport">
        <IconButton
          name={playing ? "Pause" : "Play"}
          mark={playing ? "pause" : "play"}
          look="line"
          onClick={() => void togglePlay()}
        />
        <IconButton name="Step" mark="step" onClick={() => void step("interesting")} />
        <b className="mono">{clockText(millis * 1e6)}</b>
      </div>
      <Timeline lanes={1} />
      <span className="mut foot-hint">
        <kbd>space</kbd> stops and starts time
      </span>
    </section>
  );
}
