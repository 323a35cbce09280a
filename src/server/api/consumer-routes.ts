/** The rows of the API's table that are about consumers. */
import { durableCreateRoute, ephemeralCreateRoute, namedCreateRoute } from "./consumer-create.ts";
import { consumerInfoRoute, consumerListRoute, consumerNamesRoute } from "./consumer-info.ts";
import {
  consumerDeleteRoute,
  consumerPauseRoute,
  consumerStepDownRoute,
  consumerUnpinRoute,
} from "./consumer-manage.ts";
import type { ApiRoute } from "./route-shape.ts";

/** Read only; they stand among nats-server's `infopairs`. */
export const consumerInfoRoutes: readonly ApiRoute[] = [
  consumerNamesRoute,
  consumerListRoute,
  consumerInfoRoute,
];

export const consumerRoutes: readonly ApiRoute[] = [
  consumerStepDownRoute,
  namedCreateRoute,
  ephemeralCreateRoute,
  durableCreateRoute,
  consumerDeleteRoute,
  consumerPauseRoute,
  consumerUnpinRoute,
];
