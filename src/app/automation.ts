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
  load(wtTextOrLink: string): Promise<void>;
  on(event: string, listener: (data: unknown) => void): () => void;
  /** Frame work of the page, for the bench. */
  frameWork(fresh?: boolean): FrameWork;
}

declare global {
  interface Window {
    windtunnel: Automation;
  }
}

export const automation: Automation = {
  exec: (line) => engine().exec(line),
  input: (line) => engine().input({ tty: "t1", kind: "line", text: line }),
  seek,
  pause,
  play: (speed) => play(speed),
  step: (kind = "event") => step(kind),
  state: () => engine().read("state"),
  hash: async () => String(await engine().read("hash")),
  journal: async () => String(await engine().read("journal")),
  load: async (wtTextOrLink) => {
    const share = shareOf(wtTextOrLink);
    await openWorld(
      share === null ? { text: wtTextOrLink, playing: false } : { share, playing: false },
    );
  },
  on: listen,
  frameWork: (fresh = false) => {
    const work = frameWork();
    if (fresh) forgetFrameWork();
    return work;
  },
};
