/** An embed: one picture, one sentence, a small transport; the terminal when it was asked for. */

import { seek, step, togglePlay } from "./actions/transport.ts";
import type { EmbedPart } from "./address.ts";
import { Canvas } from "./panels/canvas/Canvas.tsx";
import { clockMs } from "./panels/rail/Rail.tsx";
import { Timeline } from "./panels/rail/Timeline.tsx";
import { IconButton } from "./parts/Button.tsx";
import { clockText } from "./parts/figures.ts";
import { useThrottled } from "./parts/useThrottled.ts";
import { TerminalChunk } from "./Sandbox.tsx";
import { selectBlank, selectCaption, selectMillis } from "./store/select-world.ts";
import { selectPlaying } from "./store/session.ts";
import { useView } from "./store/view.ts";

const blankCaption = { strong: "One server, nothing on it yet.", rest: "" };

export function EmbedPage({ parts }: { parts: readonly EmbedPart[] }) {
  const blank = useView(selectBlank);
  const caption = useView(selectCaption) ?? (blank ? blankCaption : null);
  return (
    <main className="embed">
      <h1 className="vh">Windtunnel</h1>
      {parts.includes("canvas") ? <Canvas frame="embed" /> : null}
      {parts.includes("canvas") ? (
        <div className="embed-say">
          <p>
            {caption === null ? null : (
              <>
                <b>{caption.strong}</b> <span className="mut">{caption.rest}</span>
              </>
            )}
          </p>
          <a className="link" href={withoutEmbed()} target="_blank" rel="noreferrer">
            Open in Windtunnel
          </a>
        </div>
      ) : null}
      {parts.includes("timeline") ? <MiniTransport /> : null}
      {parts.includes("terminal") ? <TerminalChunk /> : null}
    </main>
  );
}

function MiniTransport() {
  const playing = useView(selectPlaying);
  const millis = useThrottled(selectMillis, clockMs);
  return (
    <section className="embed-foot" aria-label="Timeline">
      <IconButton
        name={playing ? "Pause" : "Play"}
        mark={playing ? "pause" : "play"}
        look="line"
        onClick={() => void togglePlay()}
      />
      <IconButton name="Step" mark="step" onClick={() => void step("interesting")} />
      <IconButton name="Reset" mark="first" onClick={() => void seek(0)} />
      <Timeline lanes={1} />
      <b className="mono">{clockText(millis * 1e6)}</b>
    </section>
  );
}

function withoutEmbed(): string {
  const url = new URL(location.href);
  url.searchParams.delete("embed");
  return url.href;
}
