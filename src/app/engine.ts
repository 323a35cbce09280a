/** The page's end of the worker: calls in, notices out, and what happens when it dies. */
import { type Remote, wrap } from "comlink";
import type {
  Engine,
  EngineFault,
  FrameTaken,
  Notice,
  OpenReply,
  OpenRequest,
  WatchRequest,
} from "../worker/api.ts";
import { givenName, named } from "./autosave.ts";
import { emit } from "./events.ts";
import { addFrameWork } from "./frame-work.ts";
import { keepOutput, keepScreens } from "./screens.ts";
import { useView } from "./store/view.ts";

let worker: Worker | null = null;
let remote: Remote<Engine> | null = null;
let watched: WatchRequest = { selected: null, slots: 12, hidden: false };
let opened: OpenRequest = {};

/** @throws Error before `startEngine`. */
export function engine(): Remote<Engine> {
  if (remote === null) throw new Error("the engine has not been started");
  return remote;
}

/** Begun by the document before this code was there (tools/page/fast-start.ts). */
interface EarlyWorker extends Worker {
  /** What went wrong while nobody listened. */
  readonly failed?: string;
}

declare global {
  interface Window {
    earlyWorker?: EarlyWorker | undefined;
  }
}

function takeWorker(): EarlyWorker {
  const early = window.earlyWorker;
  window.earlyWorker = undefined;
  if (early !== undefined) return early;
  return new Worker(new URL("../worker/entry.ts", import.meta.url), {
    type: "module",
    name: "windtunnel",
  });
}

export function startEngine(): void {
  worker?.terminate();
  const taken = takeWorker();
  worker = taken;
  const channel = new MessageChannel();
  worker.postMessage({ kind: "connect", port: channel.port2 }, [channel.port2]);
  remote = wrap<Engine>(channel.port1);
  worker.addEventListener("message", (event: MessageEvent<Notice>) => hear(event.data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    crash(event.message || unloaded);
  });
  // Told in a task of its own, as an error that comes now: after a world was asked for.
  const { failed } = taken;
  if (failed !== undefined) setTimeout(() => crash(failed.trim() || unloaded), 0);
}

const unloaded = "the worker could not be loaded";

export async function open(request: OpenRequest): Promise<OpenReply> {
  opened = request;
  const reply = await engine().open(request);
  useView.getState().connect();
  void engine().watch(watched);
  if (reply.problem !== "") {
    useView.getState().report({ kind: "notice", message: reply.problem });
  }
  return reply;
}

/** After a crash: a new worker, and everything that had been put in, again. */
export async function restart(journal: string): Promise<void> {
  useView.getState().report(null);
  const { at, session } = useView.getState();
  startEngine();
  const names = named({ ...session, branch: givenName(session) });
  await open(journal === "" ? opened : { ...names, text: journal, recorded: true, at });
}

export function watch(change: Partial<WatchRequest>): void {
  watched = { ...watched, ...change };
  if (useView.getState().connected) void engine().watch(watched);
}

export function watchSlots(slots: number): void {
  if (slots !== watched.slots) watch({ slots });
}

function hear(notice: Notice): void {
  const view = useView.getState();
  switch (notice.kind) {
    case "ready":
      break;
    case "frame": {
      const start = performance.now();
      view.applyFrame(notice.patch);
      // React renders what changed in a microtask of its own, before this one.
      queueMicrotask(() => addFrameWork(performance.now() - start));
      take(notice.patch.frame);
      emit("frame", { frame: notice.patch.frame, at: notice.patch.at });
      for (const line of notice.patch.trace ?? []) emit("trace", line);
      break;
    }
    case "output":
      keepOutput(notice.tty, notice.bytes);
      break;
    case "screens":
      keepScreens(notice.screens);
      break;
    case "journal":
      view.keepJournal(notice.text);
      emit("journal", { text: notice.text });
      break;
    case "lesson":
      view.takeLesson(notice.lesson);
      emit("lesson", notice.lesson);
      break;
    case "lesson-asked":
      view.select(null);
      void open({ lesson: notice.id, playing: false });
      break;
    case "fault":
      fail(notice.fault);
      break;
  }
}

/**
 * One frame in flight: the next is asked for when this one has had its turn on the display. After
 * the first of a world the page has more to do than to show the second.
 */
function take(frame: number): void {
  const answer: FrameTaken = { kind: "taken", frame };
  const reply = () => worker?.postMessage(answer);
  if (document.hidden) setTimeout(reply, 250);
  else if (frame === 1 && "requestIdleCallback" in window) {
    requestIdleCallback(reply, { timeout: 500 });
  } else requestAnimationFrame(reply);
}

function fail(fault: EngineFault): void {
  useView.getState().report({ kind: "rule", fault });
  emit("fault", fault);
}

function crash(message: string): void {
  const { journal, report } = useView.getState();
  report({ kind: "crash", message, journal });
  emit("crash", { message });
}
