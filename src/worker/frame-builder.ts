/** Builds the picture of a moment: what is on screen and has changed since the page was told. */
import {
  ledgerView,
  qualifiedName,
  readTrace,
  releaseTrace,
  type Trace,
  type TraceEntry,
  type World,
} from "../world/index.ts";
import type {
  ElectionView,
  FlightView,
  FramePatch,
  LedgerView,
  MarkView,
  RunView,
  SessionView,
  Topology,
} from "./frames.ts";
import { viewTerminals } from "./screens.ts";
import { noThings, viewThings } from "./things.ts";
import { allStreams, type FoundStream } from "./views/assets.ts";
import { BrokenRun } from "./views/broken-run.ts";
import { viewCaption } from "./views/caption.ts";
import { noteReigns, type ReignNote, reignKinds } from "./views/cluster/reigns.ts";
import { viewDetail } from "./views/detail.ts";
import { DetailLevel } from "./views/detail-level.ts";
import { copyFlight } from "./views/features/copy-flight.ts";
import { featuresNow, whenFeaturesAreHere } from "./views/features/door.ts";
import { FlightBook } from "./views/flights.ts";
import { type Fresh, joined, nothingFresh } from "./views/fresh.ts";
import { asSaid, History, type Moment, type Past } from "./views/history.ts";
import { packFlights } from "./views/swarm.ts";
import { tellable } from "./views/tellable.ts";
import { viewTimers } from "./views/timers.ts";
import { type Told, tellLost, tellServer, tellWorld } from "./views/trace-text.ts";

export interface FrameInputs {
  readonly world: World;
  readonly trace: Trace | null;
  /** Where in its branch the world stands. */
  readonly step: number;
  readonly run: RunView;
  readonly session: SessionView;
  readonly selected: string | null;
  readonly slots: number;
  readonly caption: string;
  /** Wall nanoseconds since the frame before. */
  readonly wall: number;
}

/** Rests under its cable this long at most. */
const restNanos = 10e9;
/** Above this many new flights a frame, they travel as numbers. */
const objectsMost = 120;
/** Marks for stored messages are thinned to this many a virtual second. */
const storedMarksMost = 20;

export class FrameBuilder {
  history = new History();
  /** What of it lies behind the moment shown. */
  #past: Past = this.history;
  readonly #book = new FlightBook();
  readonly #level = new DetailLevel();
  /** Signatures of what the page has, by id. */
  readonly #sent = new Map<string, string>();
  #frame = 0;
  #trace: Trace | null = null;
  #cursor = 0;
  #at = 0;
  #reset = true;
  /** Wall milliseconds of this builder's life, and when slow parts had their last turn. */
  #clock = 0;
  readonly #last = new Map<string, number>();
  #things: Topology = noThings;
  #elections: readonly ElectionView[] = [];
  /** Written down, and not yet part of a frame. */
  #untold: Fresh = nothingFresh;
  readonly #onFeatures: () => void;
  readonly #marksWaiting = new Map<string, MarkView>();
  #marksFrom: MarkCursor = { second: -1, stored: 0 };

  /** `onFeatures`: what the last picture lacked has come. */
  constructor(onFeatures: () => void = () => undefined) {
    this.#onFeatures = onFeatures;
  }

  get book(): FlightBook {
    return this.#book;
  }

  /** Another moment or another world: the page begins from nothing. */
  restart(): void {
    this.#reset = true;
    this.#untold = nothingFresh;
    this.#sent.clear();
    this.#level.forget();
  }

  /** Writes down what happened out of sight. */
  absorb(world: World, trace: Trace | null): void {
    this.#book.noteConns(world);
    this.#untold = joined(this.#untold, this.#readTrace(world, trace, allStreams(world)));
  }

  build(inputs: FrameInputs): FramePatch {
    const { world, trace } = inputs;
    const reset = this.#reset;
    this.#reset = false;
    this.#frame += 1;
    this.#book.noteConns(world);
    this.#clock += inputs.wall / 1e6;
    const streams = allStreams(world);
    const fresh = joined(this.#untold, this.#readTrace(world, trace, streams));
    this.#untold = nothingFresh;
    this.#past = this.history.before(inputs.step);
    const free = reset || !inputs.run.playing;
    const isBusy = fresh.flights.length > busyFlights;
    const seen = free || !isBusy || this.#isDue("things", thingsMs);
    if (seen) this.#things = this.#view(inputs, streams);
    const now: number = world.kernel.now;
    const flights = reset
      ? [...this.#book.inTheAir(world), ...this.#resting(now), ...fresh.flights]
      : this.#level.thin(fresh.flights, now - this.#at, inputs.wall);
    this.#at = now;
    // Not in one frame with the tapes: what React does for a frame has to fit into it.
    const wait = isBusy && seen ? wordsMs * 3 : wordsMs;
    const slow = free || this.#isDue("words", wait);
    const lines = reset
      ? this.#past.lines.slice(-600).map((line) => asSaid(line, inputs.step))
      : tellable(fresh.lines);
    return {
      frame: this.#frame,
      at: now,
      ...(reset && { reset }),
      ...this.#changed("run", "run", inputs.run),
      ...(seen && this.#counts(inputs)),
      ...(seen && this.#delta(this.#things)),
      ...(slow && this.#words(inputs, streams)),
      ...packFlights(flights, objectsMost),
      ...(lines.length > 0 && { trace: lines }),
      ...this.#marks(fresh, { reset, slow }),
    };
  }

  /** Marks of the rail wait for each other: placing them anew costs the page something. */
  #marks(fresh: Fresh, when: { reset: boolean; slow: boolean }): Pick<FramePatch, "marks"> {
    for (const mark of fresh.marks) this.#marksWaiting.set(mark.id, mark);
    if (!when.reset && (!when.slow || this.#marksWaiting.size === 0)) return {};
    const marks = when.reset ? this.history.marks : [...this.#marksWaiting.values()];
    this.#marksWaiting.clear();
    return { marks };
  }

  #counts({ world, session }: FrameInputs): Partial<FramePatch> {
    const now: number = world.kernel.now;
    const more = featuresNow()?.featureTimers(this.#things.features, now) ?? [];
    const timers = viewTimers({ ...this.#things, elections: this.#elections, more }, now);
    return {
      ...this.#changed("session", "session", session),
      ...this.#changed("terminals", "terminals", viewTerminals(world)),
      ...this.#changed("ledger", "ledger", viewLedger(world)),
      ...this.#changed("timers", "timers", timers),
      ...this.#changed("elections", "elections", this.#elections),
      ...this.#changed("flows", "flows", this.#level.flows()),
    };
  }

  /** True at most every so many milliseconds of wall time. */
  #isDue(part: string, everyMs: number): boolean {
    const last = this.#last.get(part);
    if (last !== undefined && this.#clock < last + everyMs) return false;
    this.#last.set(part, this.#clock);
    return true;
  }

  /** What is read, not watched: the sentence of the canvas and the inspector. */
  #words(inputs: FrameInputs, streams: readonly FoundStream[]): Partial<FramePatch> {
    const things = this.#things;
    const lost = this.#resting(inputs.world.kernel.now);
    return {
      ...this.#changed("caption", "caption", captionOf(inputs, things, lost)),
      ...this.#changed("detail", "detail", this.#detail(inputs, streams, things)),
    };
  }

  #view(inputs: FrameInputs, all: readonly FoundStream[]): Topology {
    const viewed = viewThings(inputs, all, { book: this.#book, past: this.#past });
    this.#elections = viewed.elections;
    if (viewed.isPartial) void whenFeaturesAreHere().then(this.#onFeatures);
    return viewed.things;
  }

  #detail(inputs: FrameInputs, streams: readonly FoundStream[], things: Topology) {
    const { world, selected } = inputs;
    if (selected === null) return null;
    const { servers, clients, consumers, features } = things;
    const past = this.#past;
    return viewDetail({ world, streams, servers, clients, consumers, features, past }, selected);
  }

  /** Lost marks that still lie under their cables. */
  #resting(now: number): FlightView[] {
    return this.#past.lost.filter((flight) => now - flight.arrives < restNanos);
  }

  #readTrace(world: World, trace: Trace | null, streams: readonly FoundStream[]): Fresh {
    const fresh: Fresh = { flights: [], lines: [], marks: [] };
    if (trace === null) return fresh;
    // Another moment brings another trace, which begins from nothing.
    if (trace !== this.#trace) this.#cursor = 0;
    this.#trace = trace;
    const { entries, next } = readTrace(trace, this.#cursor);
    releaseTrace(trace, this.#cursor, next);
    this.#cursor = next;
    const known = this.history.until;
    const broken = new BrokenRun();
    this.#book.noteAccounts(entries);
    for (const read of entries) {
      const entry = withNames(world, read);
      const { step } = entry;
      this.history.until = Math.max(known, step);
      if (entry.from === "wire") {
        const flight = this.#book.read(world, entry.record, streams);
        if (flight === null) continue;
        fresh.flights.push(flight);
        if (flight.lost && step > known) {
          this.history.addLost({ ...flight, step });
          this.#write(fresh, tellLost(flight), { at: flight.departs, step });
        }
        continue;
      }
      const { at } = entry.record;
      if (entry.from === "server") {
        const { record } = entry;
        const seen = copyFlight(record, streams) ?? this.#book.forbidden(record);
        if (seen !== null) fresh.flights.push(seen);
      }
      if (step <= known) continue;
      if (entry.from === "server" && entry.record.kind === "removed" && entry.record.count === 1) {
        const { stream, seq, detail: why } = entry.record;
        this.history.addLeft({ step, stream, seq, at, why });
      }
      if (reignKinds.has(entry.record.kind)) this.#noteReigns(fresh, { ...entry.record, step });
      // A world is settled before its time begins.
      if (at < 0) continue;
      if (entry.from === "world" && entry.record.kind === "input") {
        this.#book.noteTyped(entry.record.subject, at);
      }
      if (entry.from === "world" && entry.record.kind === "broken") {
        if (broken.add({ at, step }, entry.record.detail)) continue;
      }
      this.#writeBroken(fresh, broken);
      const told = entry.from === "server" ? this.#tell(entry.record) : tellWorld(entry.record);
      if (told !== null) this.#write(fresh, told, { at, step });
    }
    this.#writeBroken(fresh, broken);
    return fresh;
  }

  #writeBroken(fresh: Fresh, broken: BrokenRun): void {
    const run = broken.take();
    if (run !== null) this.#write(fresh, run.told, run);
  }

  #tell(record: Parameters<typeof tellServer>[0]): Told | null {
    const { kind, stream, seq, host } = record;
    return tellServer(record, kind === "stored" && this.history.isCopy(stream, seq, host));
  }

  #noteReigns(fresh: Fresh, record: Omit<ReignNote, "stream" | "consumer">): void {
    const note = { stream: "", consumer: "", ...record };
    for (const mark of noteReigns(this.history.reigns, note)) {
      this.history.addMark(mark, note.step);
      fresh.marks.push(mark);
    }
  }

  #write(fresh: Fresh, told: Told, { at, step }: Moment): void {
    const { mark, ...rest } = told;
    const again = this.history.sayAgain(told.text, { at, step });
    if (again !== null) {
      const place = fresh.lines.findLastIndex(({ id }) => id === again.id);
      fresh.lines.splice(place < 0 ? fresh.lines.length : place, 1, again);
      return;
    }
    const line = { id: this.history.nextLineId(), at, ...rest };
    this.history.addLine({ ...line, step });
    fresh.lines.push(line);
    if (mark === null || (mark.kind === "stored" && !this.#roomForStored(at))) return;
    const placed = { id: `line ${line.id}`, at, ...mark };
    this.history.addMark(placed, step);
    fresh.marks.push(placed);
    if (mark.kind === "stored") this.#keep(fresh, { at, step });
  }

  /** The band of kept promises grows with each stored message. */
  #keep(fresh: Fresh, { at, step }: Moment): void {
    const known = this.history.mark("kept");
    const band = {
      id: "kept",
      at: known?.at ?? at,
      until: at,
      lane: "promises",
      kind: "kept",
      label: "kept",
      loud: false,
    } as const;
    this.history.addMark(band, step);
    fresh.marks.push(band);
  }

  #roomForStored(at: number): boolean {
    const second = Math.floor(at / 1e9);
    if (this.#marksFrom.second !== second) this.#marksFrom = { second, stored: 0 };
    this.#marksFrom.stored += 1;
    return this.#marksFrom.stored <= storedMarksMost;
  }

  /** Views that differ from what the page has, whole; and ids of what is gone. */
  #delta(things: Topology): Partial<FramePatch> {
    const patch: Record<string, unknown> = {};
    const present = new Set<string>();
    for (const [name, views] of Object.entries(things) as [string, readonly { id: string }[]][]) {
      const changed = views.filter((view) => {
        present.add(view.id);
        return this.#differs(view.id, view);
      });
      if (changed.length > 0) patch[name] = changed;
    }
    const gone = [...this.#sent.keys()].filter((id) => id.includes(":") && !present.has(id));
    for (const id of gone) this.#sent.delete(id);
    if (gone.length > 0) patch.gone = gone;
    return patch;
  }

  #changed<K extends keyof FramePatch>(
    field: K,
    id: string,
    value: FramePatch[K],
  ): Partial<FramePatch> {
    return this.#differs(id, value) ? { [field]: value } : {};
  }

  #differs(id: string, value: unknown): boolean {
    const signature = JSON.stringify(value) ?? "";
    if (this.#sent.get(id) === signature) return false;
    this.#sent.set(id, signature);
    return true;
  }
}

/** With more new flights than this in a frame, tapes and lanes change ten times a second. */
const busyFlights = 12;
const thingsMs = 100;
/** Nobody reads faster than this. */
const wordsMs = 120;

interface MarkCursor {
  readonly second: number;
  stored: number;
}

function captionOf(inputs: FrameInputs, things: Topology, lost: readonly FlightView[]) {
  const { world, caption: given } = inputs;
  const now: number = world.kernel.now;
  const special = () => featuresNow()?.captionOfFeatures({ ...things, now }) ?? null;
  return viewCaption({ ...things, lost, ledger: viewLedger(world), now, given, special });
}

/** Streams of other accounts than the main one have its name before theirs, as everywhere. */
function withNames(world: World, entry: TraceEntry): TraceEntry {
  if (entry.from !== "server") return entry;
  const { account, stream, host } = entry.record;
  const home = stream === "" || account === "" ? undefined : world.hosts.get(host);
  const name = home === undefined ? stream : qualifiedName(home, account, stream);
  return name === stream ? entry : { ...entry, record: { ...entry.record, stream: name } };
}

function viewLedger(world: World): LedgerView {
  const { kept, broken, doubled, refused } = ledgerView(world) as unknown as LedgerView;
  return { kept, broken, doubled, refused };
}
