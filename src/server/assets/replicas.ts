/**
 * What the meta layer asks of streams and consumers on this server, and asks about them. An asset
 * with one replica has no group; it lives here or on another server.
 */
export { stepDownGroup } from "../groups/inbound.ts";
export {
  releaseConsumer,
  removeConsumerReplica,
  startConsumerReplica,
  updateConsumerReplica,
} from "./replicas/consumer-members.ts";
export { type ConsumerId, consumerRole, streamRole } from "./replicas/roles.ts";
export {
  removeStreamReplica,
  startStreamReplica,
  updateStreamReplica,
} from "./replicas/stream-members.ts";
