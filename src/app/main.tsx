/** The page's entry: paint, start the engine, open what the address or the last visit asks for. */
import "./theme.css";
import "./base.css";
import "./frame.css";
import "./panels/dialogs/dialogs.css";
import "./panels/inspector/inspector.css";
import "./panels/landing/landing.css";
import "./panels/rail/rail.css";
import "./small.css";
// With the rest, although its chunk is not: a chunk waits for its styles before it runs.
import "@xterm/xterm/css/xterm.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { hasSeenLanding } from "./actions/landing.ts";
import { openWorld } from "./actions/open-world.ts";
import { listenToKeys, runAction } from "./actions/registry.ts";
import { type Address, readAddress } from "./address.ts";
import { automation } from "./automation.ts";
import { keepSession, named, savedSession } from "./autosave.ts";
import { serveEmbedder } from "./embed-host.ts";
import { startEngine, watch } from "./engine.ts";
import { loadTerminal } from "./load-terminal.ts";
import { landingScene, landingStart } from "./panels/landing/scene.ts";
import { useView } from "./store/view.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

const address = readAddress(location);
window.windtunnel = automation;
startEngine();
listenToKeys();
watchPage();
// What runs inside another page is not the session that this person left.
if (address.embed === null) keepSession();
else serveEmbedder(address.origins);
if (wantsLanding(address)) useView.getState().toBeat("stop");
else document.documentElement.removeAttribute("data-landing");
const showsTerminal =
  useView.getState().beat === null && address.embed?.includes("terminal") !== false;
const terminal = showsTerminal ? loadTerminal().catch(() => null) : null;
const whole = Promise.all([firstFrame(), terminal]);
// The scene of the landing stands in the document already.
const soon = useView.getState().beat === null ? Promise.race([whole, patience()]) : whole;
void soon.then(() => render(root));
openFirst(address).then(
  () => {
    const { trouble, report } = useView.getState();
    const { problem } = address;
    if (trouble === null && problem !== "") report({ kind: "notice", message: problem });
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    useView.getState().report({ kind: "crash", message, journal: "" });
  },
);

function render(into: HTMLElement): void {
  createRoot(into).render(
    <StrictMode>
      <App embed={address.embed} />
    </StrictMode>,
  );
}

/** The document shows a frame or the scene already; the page takes over when there is a world. */
function firstFrame(): Promise<void> {
  return new Promise((resolve) => {
    const stop = useView.subscribe((view) => {
      if (view.servers.size === 0 && view.trouble === null) return;
      stop();
      resolve();
    });
  });
}

/**
 * One picture of everything costs less than one without a world, one with it and one with the
 * terminal; but who has to wait for them longer than this shall see what is around them.
 */
function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 150));
}

function wantsLanding({ share, embed, scenario, lesson }: Address): boolean {
  if (share !== null || embed !== null || scenario !== null || lesson !== null) return false;
  return !hasSeenLanding() && savedSession() === null;
}

async function openFirst(address: Address): Promise<unknown> {
  const { share, scenario, lesson, seed, speed, at, embed } = address;
  const common = {
    ...(seed !== null && { seed }),
    ...(speed !== null && { speed }),
    ...(at !== null && { at }),
  };
  if (share !== null) return openWorld({ ...common, share, playing: false });
  if (lesson !== null) return openWorld({ ...common, lesson, playing: false });
  if (scenario === "blank") {
    await openWorld({ ...common, playing: true });
    if (embed === null) runAction("terminal");
    return;
  }
  if (scenario !== null) return openWorld({ ...common, scenario, playing: at === null });
  if (useView.getState().beat !== null) {
    return openWorld({ ...common, text: landingScene, at: landingStart, playing: true });
  }
  const saved = savedSession();
  if (saved === null || seed !== null) return openWorld({ ...common, playing: true });
  const { journal, ...rest } = saved;
  return openWorld({ ...named(rest), text: journal, recorded: true, at: saved.at, playing: false });
}

/** What the page looks at follows the selection, and rests while the page is hidden. */
function watchPage(): void {
  useView.subscribe((view, before) => {
    if (view.selected !== before.selected) watch({ selected: view.selected });
  });
  document.addEventListener("visibilitychange", () => watch({ hidden: document.hidden }));
}
