/** Every thing of the picture at one moment. */
import type { World } from "../world/index.ts";
import type { ElectionView, Topology } from "./frames.ts";
import type { FoundStream } from "./views/assets.ts";
import { soleWorkers, viewClients, withSeats } from "./views/clients.ts";
import { allGroups, viewElections, viewGroup } from "./views/cluster/members.ts";
import { viewRoutes } from "./views/cluster/routes.ts";
import { shownGroups, shownStreams } from "./views/cluster/shown.ts";
import { viewConsumer } from "./views/consumers.ts";
import { featuresNow } from "./views/features/door.ts";
import { firstShown, isShown, lately, needsFeatures } from "./views/features/need.ts";
import type { FlightBook } from "./views/flights.ts";
import type { Past } from "./views/history.ts";
import { viewServers } from "./views/servers.ts";
import { viewStream } from "./views/streams.ts";

export const noThings: Topology = {
  servers: [],
  clients: [],
  streams: [],
  consumers: [],
  routes: [],
  groups: [],
  features: [],
};

interface Moment {
  readonly world: World;
  readonly slots: number;
  readonly selected: string | null;
}

interface Memory {
  readonly book: FlightBook;
  readonly past: Past;
}

interface Viewed {
  readonly things: Topology;
  readonly elections: readonly ElectionView[];
  /** The views of features are needed and have not come yet. */
  readonly isPartial: boolean;
}

export function viewThings(
  { world, slots, selected }: Moment,
  all: readonly FoundStream[],
  { book, past }: Memory,
): Viewed {
  const now: number = world.kernel.now;
  const streams = shownStreams(all, selected);
  const clients = viewClients({ world, streams, book });
  const tapes = streams.map((stream) => {
    const first = firstShown(stream, lately(past, stream.name, now), slots);
    return viewStream(world, stream, slots, first === null ? undefined : { first, last: 0 });
  });
  const routes = viewRoutes(world);
  const groups = shownGroups(allGroups(world), streams);
  const only = soleWorkers(clients);
  const owners = {
    ownerOf: (id: string, seq: number) => book.ownerOf(id, seq) ?? only.get(id) ?? null,
  };
  const consumers = streams.flatMap((stream, index) =>
    [...stream.consumers.values()]
      .filter(isShown)
      .map((consumer) =>
        viewConsumer(stream, consumer, { cells: tapes[index]?.cells ?? [], owners, now }),
      ),
  );
  const needed = needsFeatures(streams);
  const features = needed
    ? featuresNow()?.viewFeatures({ world, streams, tapes, owners, past })
    : [];
  const things = {
    servers: viewServers(world, all, all.length - streams.length),
    clients: routes.length > 0 ? clients : withSeats(clients, consumers),
    streams: tapes,
    consumers,
    routes,
    groups: groups.map((group) => viewGroup(group, now)),
    features: features ?? [],
  };
  return { things, elections: viewElections(groups), isPartial: features === undefined };
}
