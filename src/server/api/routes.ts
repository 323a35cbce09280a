/** The table of the JetStream API, in the order of nats-server's `setJetStreamExportSubs`. */
import { subjectMatches } from "../../protocol/index.ts";
import { accountInfoRoute } from "./account-info.ts";
import { accountPurgeRoute } from "./account-purge.ts";
import { consumerInfoRoutes, consumerRoutes } from "./consumer-routes.ts";
import type { ApiRoute } from "./route-shape.ts";
import { streamRestoreRoute, streamSnapshotRoute } from "./stream-backup.ts";
import { streamCreateRoute, streamUpdateRoute } from "./stream-create.ts";
import { streamInfoRoute } from "./stream-info.ts";
import { streamListRoute, streamNamesRoute } from "./stream-list.ts";
import { messageDeleteRoute, messageGetRoute } from "./stream-messages.ts";
import { clusterOnlyRoutes, metaStepDownRoute } from "./stream-peers.ts";
import { streamDeleteRoute, streamPurgeRoute } from "./stream-remove.ts";

export const routes: readonly ApiRoute[] = [
  accountInfoRoute,
  streamNamesRoute,
  streamListRoute,
  streamInfoRoute,
  ...consumerInfoRoutes,
  streamCreateRoute,
  streamUpdateRoute,
  streamDeleteRoute,
  streamPurgeRoute,
  streamSnapshotRoute,
  streamRestoreRoute,
  ...clusterOnlyRoutes,
  messageDeleteRoute,
  messageGetRoute,
  ...consumerRoutes,
  accountPurgeRoute,
  metaStepDownRoute,
];

/** The route of a request's subject, or null. */
export function findRoute(subject: string): ApiRoute | null {
  return routes.find((route) => subjectMatches(route.subject, subject)) ?? null;
}
