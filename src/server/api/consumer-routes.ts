/** The rows of the API's table that are about consumers. */
import type { ApiRoute } from "./route-shape.ts";

/** Read only; they stand among nats-server's `infopairs`. */
export const consumerInfoRoutes: readonly ApiRoute[] = [];

export const consumerRoutes: readonly ApiRoute[] = [];
