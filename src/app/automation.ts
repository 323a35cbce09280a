/** `window.windtunnel`: everything the page can do, for scripts, tests and pages that embed it. */
import type { ExecReply, StepKind } from "../worker/api.ts";
import type { Speed } from "../worker/frames.ts";
import { openWorld } from "./actions/open-world.ts";
import { pause, play, seek, step } from "./actions/transport.ts";
import { shareOf } from "./address.ts";
import { engine } from "./engine.ts";
import { listen } from "./events.ts";
import { type FrameWork, forgetFrameWork, frameWork } from "./frame-work.ts";

export interface Automation {
  exec(line: string): Promise<ExecReply>;
  input(line: string): Promise<void>;
  seek(ns: number): Promise<number>;
  pause(): Promise<void>;
  play(speed?: Speed): Promise<void>;
  step(kind?: StepKind): Promise<number>;
  state(): Promise<unknown>;
  hash(): Promise<string>;
  journal(): Promise<string>;
  /** Rejects, over an empty sandbox, what is no scenario and no link. */
  load(wtTextOrLink: string): Promise<void>;
  on(event: string, listener: (data: unknown) => void): () => void;
  /** Frame work of the page, for the bench. */
  frameWork(fresh?: boolean): FrameWork;
}

const stepKinds: readonly StepKind[] = ["event", "instant", "tick", "interesting"];

declare global {
  interface Window {
    windtunnel: Automation;
  }
}

export const automation: Automation = {
  exec: async (line) => engine().exec(asLine(line)),
  input: async (line) => engine().input({ tty: "t1", kind: "line", text: asLine(line) }),
  seek: async (ns) => seek(asMoment(ns)),
  pause,
  play: async (speed) => play(asSpeed(speed)),
  step: async (kind = "event") => step(asStepKind(kind)),
  state: () => engine().read("state"),
  hash: async () => String(await engine().read("hash")),
  journal: async () => String(await engine().read("journal")),
  load: async (wtTextOrLink) => {
    const text = asLine(wtTextOrLink);
    const share = shareOf(text);
    const { problem, refused } = await openWorld(
      share === null ? { text, playing: false } : { share, playing: false },
    );
    if (refused) throw new Error(problem);
  },
  on: listen,
  frameWork: (fresh = false) => {
    const work = frameWork();
    if (fresh) forgetFrameWork();
    return work;
  },
};

// What comes from scripts and embedding pages is no one's type: it ends here, not in the world.

function asLine(line: unknown): string {
  if (typeof line !== "string") throw new TypeError(`a line is text, not ${typeof line}`);
  // What crosses to the world is what a link and a file can carry: UTF-8.
  return new TextDecoder().decode(new TextEncoder().encode(line));
}

function asMoment(ns: unknown): number {
  if (typeof ns === "number" && Math.abs(ns) <= Number.MAX_SAFE_INTEGER) return ns;
  throw new TypeError(`a moment is a number of virtual nanoseconds, not ${String(ns)}`);
}

function asSpeed(speed: unknown): Speed | undefined {
  if (speed === undefined || speed === "flat-out" || speed === "fit") return speed;
  if (typeof speed === "number" && speed >= 1 / 64 && speed <= 1000) return speed;
  throw new TypeError(`a speed is 1/64 to 1000, "flat-out" or "fit", not ${String(speed)}`);
}

function asStepKind(kind: unknown): StepKind {
  const known = stepKinds.find((one) => one === kind);
  if (known !== undefined) return known;
  throw new TypeError(`a step is one of ${stepKinds.join(", ")}, not ${String(kind)}`);
}
