/** The mirror of the world: what frames said last. New map entries only for what changed. */
import type { StateCreator } from "zustand";
import type {
  CaptionView,
  ClientView,
  ConsumerView,
  DetailView,
  ElectionView,
  FeatureView,
  FlightView,
  FlowView,
  FramePatch,
  GroupView,
  LedgerView,
  MarkView,
  RouteView,
  ServerView,
  StreamView,
  TimerView,
  TraceView,
} from "../../worker/frames.ts";
import { unpackSwarm } from "./swarm.ts";
import type { View } from "./view.ts";

export interface WorldSlice {
  readonly at: number;
  readonly servers: ReadonlyMap<string, ServerView>;
  readonly clients: ReadonlyMap<string, ClientView>;
  readonly streams: ReadonlyMap<string, StreamView>;
  readonly consumers: ReadonlyMap<string, ConsumerView>;
  readonly routes: ReadonlyMap<string, RouteView>;
  readonly groups: ReadonlyMap<string, GroupView>;
  readonly features: ReadonlyMap<string, FeatureView>;
  /** Read by the painter alone. */
  readonly elections: readonly ElectionView[];
  /** Alive or at rest; the painter reads it without subscribing, so it is mutated in place. */
  readonly flights: Map<number, FlightView>;
  readonly flows: readonly FlowView[];
  readonly ledger: LedgerView;
  readonly marks: ReadonlyMap<string, MarkView>;
  readonly timers: readonly TimerView[];
  readonly trace: readonly TraceView[];
  readonly caption: CaptionView | null;
  readonly detail: DetailView | null;
  /** Counts worlds and jumps; what is drawn from history starts again when it changes. */
  readonly epoch: number;
  applyFrame(patch: FramePatch): void;
}

/** The page keeps this many trace lines; older ones are had again by seeking. */
const traceKept = 600;
/** Shorter than this, a flight is over before the eye has it, in virtual nanoseconds. */
export const quickNanos = 80_000_000;
/** What was too fast to be seen glows on its cable for this long after, in virtual nanoseconds. */
export const glowNanos = 1_000_000_000;
/** Lost flights rest under their cable this long, in virtual nanoseconds. */
export const restNanos = 10_000_000_000;

export const nothing = {
  at: 0,
  servers: new Map<string, ServerView>(),
  clients: new Map<string, ClientView>(),
  streams: new Map<string, StreamView>(),
  consumers: new Map<string, ConsumerView>(),
  routes: new Map<string, RouteView>(),
  groups: new Map<string, GroupView>(),
  features: new Map<string, FeatureView>(),
  elections: [] as readonly ElectionView[],
  flows: [] as readonly FlowView[],
  ledger: { kept: 0, broken: 0, doubled: 0, refused: 0 },
  marks: new Map<string, MarkView>() as ReadonlyMap<string, MarkView>,
  timers: [] as readonly TimerView[],
  trace: [] as readonly TraceView[],
  caption: null,
  detail: null,
};

export const createWorldSlice: StateCreator<View, [], [], WorldSlice> = (set, get) => ({
  ...nothing,
  flights: new Map(),
  epoch: 0,
  applyFrame: (patch) => {
    const before = get();
    if (patch.reset) before.flights.clear();
    landFlights(before.flights, patch.at, patch.at - before.at);
    for (const flight of patch.flights ?? []) before.flights.set(flight.id, flight);
    for (const flight of unpackSwarm(patch.swarm)) before.flights.set(flight.id, flight);
    set((state) => mirror(state, patch));
  },
});

function mirror(state: View, patch: FramePatch): Partial<View> {
  const base = patch.reset ? { ...nothing, epoch: state.epoch + 1 } : {};
  const from = patch.reset ? { ...state, ...nothing } : state;
  const gone = patch.gone ?? [];
  return {
    ...base,
    at: patch.at,
    ...(patch.run && { run: patch.run }),
    ...(patch.session && { session: patch.session }),
    ...(patch.terminals && { terminals: patch.terminals }),
    ...(patch.ledger && { ledger: patch.ledger }),
    ...(patch.timers && { timers: patch.timers }),
    ...(patch.elections && { elections: patch.elections }),
    ...(patch.flows && { flows: patch.flows }),
    ...(patch.caption !== undefined && { caption: patch.caption }),
    ...(patch.detail !== undefined && { detail: patch.detail }),
    marks: merged(from.marks, patch.marks, none),
    ...(patch.trace && { trace: written(from.trace, patch.trace).slice(-traceKept) }),
    servers: merged(from.servers, patch.servers, gone),
    clients: merged(from.clients, patch.clients, gone),
    streams: merged(from.streams, patch.streams, gone),
    consumers: merged(from.consumers, patch.consumers, gone),
    routes: merged(from.routes, patch.routes, gone),
    groups: merged(from.groups, patch.groups, gone),
    features: merged(from.features, patch.features, gone),
  };
}

/** A line that is there already has only been said again, and keeps its place. */
function written(known: readonly TraceView[], fresh: readonly TraceView[]): TraceView[] {
  const lines = [...known];
  for (const line of fresh) {
    const last = lines.at(-1)?.id ?? 0;
    const place = line.id > last ? -1 : lines.findLastIndex(({ id }) => id === line.id);
    if (place >= 0) lines[place] = line;
    else if (line.id > last) lines.push(line);
  }
  return lines;
}

const none: readonly string[] = [];

/** The same map when nothing in it changed, so that selectors stay still. */
function merged<T extends { readonly id: string }>(
  map: ReadonlyMap<string, T>,
  changed: readonly T[] | undefined,
  gone: readonly string[],
): ReadonlyMap<string, T> {
  const removes = gone.some((id) => map.has(id));
  if (!removes && (changed === undefined || changed.length === 0)) return map;
  const next = new Map(map);
  for (const id of gone) next.delete(id);
  for (const view of changed ?? []) next.set(view.id, view);
  return next;
}

/** The picture lags behind what was told by a frame or two: flights stay until it has them down. */
const lagFrames = 3;
/** Who stops where an ack has just been heard may want to see it. */
const lagLeast = 2_000_000;

function landFlights(flights: Map<number, FlightView>, at: number, frame: number): void {
  const lag = Math.max(lagLeast, frame * lagFrames);
  for (const flight of flights.values()) {
    const { id, departs, arrives, lost } = flight;
    const rests = lost ? restNanos : arrives - departs <= quickNanos ? glowNanos : lag;
    if (at > arrives + rests) flights.delete(id);
  }
}
