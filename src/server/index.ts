export { isBcrypt } from "./accounts/authenticate.ts";
export type { StreamAsset } from "./assets/jetstream-state.ts";
export type { StreamProposal } from "./assets/replicas/stream-replica.ts";
export { clusterPartsAreHere, provideClusterParts } from "./cluster-door.ts";
export type { AccountConfig } from "./config/account-config.ts";
export {
  configObstacle,
  type ReadConfig,
  serverConfigFromText,
} from "./config/from-conf.ts";
export {
  defaultJetStream,
  type JetStreamConfig,
} from "./config/jetstream-config.ts";
export {
  defaultServerConfig,
  type ServerConfig,
  type TlsConfig,
  type WebsocketConfig,
} from "./config/server-config.ts";
export { defaultTls } from "./config/tls-conf.ts";
export type { Peer } from "./connections/connect.ts";
export { connSecured, type PeerTls, type Secured } from "./connections/secured.ts";
export { backupPartsAreWanted, provideBackupParts } from "./doors/backup-door.ts";
export { confParts, confPartsAreHere, provideConfParts } from "./doors/conf-door.ts";
export {
  jetStreamParts,
  jetStreamPartsAreHere,
  provideJetStreamParts,
} from "./doors/jetstream-door.ts";
export {
  monitoringParts,
  monitoringPartsAreHere,
  provideMonitoringParts,
} from "./doors/monitoring-door.ts";
export type { GroupFile, RaftGroup } from "./groups/group.ts";
export { DiskError, type DiskIo, type LogLevel, type ServerIo } from "./io.ts";
export { acceptLink, linkAnswered, receiveRecords } from "./link-entries.ts";
export type { LinkRecord, SentRecord } from "./links/records.ts";
export type { MonitorResponse } from "./monitoring/monitor.ts";
export type { RaftWatch, WatchedGroup } from "./raft-watch.ts";
export { ReloadError } from "./reload-fields.ts";
export {
  acceptConn,
  clientTooSlow,
  connClosed,
  createServer,
  fireTimer,
  lameDuckServer,
  receiveBytes,
  reloadServer,
  shutDownServer,
  startServer,
} from "./server.ts";
export type { ServerTimer } from "./server-timer.ts";
export type { ConnFacts, ServerState } from "./state.ts";
export type { TraceKind, TraceRecord } from "./trace-record.ts";
export { serverVersion } from "./version.ts";
