import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { serverCluster } from "./cluster.ts";
import { serverMappings } from "./mappings.ts";
import { serverReport } from "./report.ts";

/** nats server and its commands. */
export const server = natsGroup({
  ...words.server,
  commands: [serverCluster, serverMappings, serverReport],
});
