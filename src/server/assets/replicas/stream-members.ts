/** Streams that the meta layer assigns to this server: taken up, changed, let go. */
import { createStream, type StreamState, sameStreamConfig } from "../../../jetstream/index.ts";
import type { StreamAssignment, StreamSpec } from "../../cluster/assignments.ts";
import { metaGroup } from "../../cluster/cluster-state.ts";
import type { GroupFile, RaftGroup } from "../../groups/group.ts";
import { closeGroup, groupFolder, isCatchingUp, openGroup } from "../../groups/open.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { JetStreamAccount, StreamAsset } from "../jetstream-state.ts";
import { adviseStreamAction } from "../stream-advisories.ts";
import { deleteStream, takeUpStream, updateStream } from "../stream-asset.ts";
import { findAccount, findStream, streamPath, streamsFolder } from "../stream-lookup.ts";
import { tellNews } from "./news.ts";
import { joinDirectSoon } from "./stream-lead.ts";
import { createReplica, groupOfConsumer, groupOfStream } from "./stream-replica.ts";

/**
 * Takes up a stream that is assigned to this server; what is here already stays. `recovering`
 * while the meta group's own log is replayed after a start.
 * Source: nats-server `processClusterCreateStream`, `createRaftGroup`.
 */
export function startStreamReplica(
  server: ServerState,
  io: ServerIo,
  assignment: StreamAssignment,
  recovering: boolean,
): void {
  const { spec, name } = assignment;
  const account = findAccount(server, assignment.account);
  if (account === null) return;
  const isAlone = spec.group.peers.length === 1;
  const present = account.streams.get(name);
  if (present !== undefined) {
    if (present.replica?.group === (isAlone ? undefined : spec.group.name)) return;
    removeStreamReplica(server, io, account.name, name);
  }
  if (isAlone) startAlone(server, io, account, { spec, recovering });
  else startMember(server, io, account, { spec, recovering });
}

/** A new configuration of the stream, on every member. */
export function updateStreamReplica(
  server: ServerState,
  io: ServerIo,
  assignment: StreamAssignment,
): void {
  const asset = findStream(server, assignment.account, assignment.name);
  if (asset !== null) updateStream(server, io, asset, assignment.spec.config);
}

/** The stream goes with its consumers, their groups and files; also one that is only on disk. */
export function removeStreamReplica(
  server: ServerState,
  io: ServerIo,
  account: string,
  stream: string,
): void {
  const asset = findStream(server, account, stream);
  if (asset === null) {
    removeFiles(server, io, `${streamsFolder(storeDir(server), account)}${stream}/`);
    return;
  }
  const groups = [...asset.consumers.keys()].map((name) => groupOfConsumer(server, asset, name));
  groups.push(groupOfStream(server, asset));
  deleteStream(server, io, asset);
  for (const group of groups) if (group !== null) closeGroup(server, io, group, { remove: true });
}

/** Removes what groups and assets without one keep in a folder. */
export function removeFiles(server: ServerState, io: ServerIo, folder: string): void {
  for (const path of io.disk.list(folder)) {
    const group = groupOfFile(io, path);
    if (group !== null) io.disk.remove(`${groupFolder(server, group)}stable`);
    io.disk.remove(path);
  }
}

/** The group that a file is of; null when it is of none, or not there. */
export function groupOfFile(io: ServerIo, path: string): string | null {
  if (!io.disk.has(path)) return null;
  const file = io.disk.open<Partial<GroupFile>>(path, () => ({}));
  return file.wal === undefined ? null : (file.group ?? null);
}

export function storeDir(server: ServerState): string {
  return server.jetstream?.storeDir ?? "";
}

interface Start {
  readonly spec: StreamSpec;
  readonly recovering: boolean;
}

/** One replica: it leads itself. */
function startAlone(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  { spec, recovering }: Start,
): void {
  const { config, created } = spec;
  const path = pathOf(server, spec);
  if (path !== null && groupOfFile(io, path) !== null) removeFiles(server, io, folderOf(path));
  const make = (): StreamState => createStream(config, created);
  const state = path === null ? make() : io.disk.open(path, make);
  const asset = takeUpStream(server, io, { account, state, path });
  if (path !== null) io.disk.wrote(path, 0);
  followNewerConfig(server, io, asset, spec);
  if (!recovering) adviseStreamAction(server, io, asset, "create");
  const about = { account: account.name, stream: config.name, consumer: null };
  tellNews(server, { ...about, kind: "leader", isLeader: true });
}

function startMember(
  server: ServerState,
  io: ServerIo,
  account: JetStreamAccount,
  { spec, recovering }: Start,
): void {
  const group = openStreamGroup(server, io, { spec, recovering });
  const state = group.file.state as StreamState;
  const replica = createReplica(group.name);
  const asset = takeUpStream(server, io, { account, state, path: group.filePath, replica });
  joinDirectSoon({ server, io, asset });
  followNewerConfig(server, io, asset, spec);
}

/** The member of a stream's group on this server, with what the disk holds of it. */
export function openStreamGroup(
  server: ServerState,
  io: ServerIo,
  { spec, recovering }: Start,
): RaftGroup {
  const { account, config, created, group: wanted } = spec;
  const path = pathOf(server, spec);
  // What another stream of this name has left behind is not this one's.
  if (path !== null && io.disk.has(path) && groupOfFile(io, path) !== wanted.name) {
    removeFiles(server, io, folderOf(path));
  }
  const isFirst = !recovering && wanted.preferred === server.name;
  return openGroup(server, io, {
    name: wanted.name,
    of: { kind: "stream", account, stream: config.name, consumer: "" },
    peers: wanted.peers,
    storage: wanted.storage,
    bootstrap: isFirst ? "preferred" : "none",
    recovering: recovering || isCatchingUp(server.groups?.get(metaGroup)),
    ...(path === null ? {} : { filePath: path }),
    createState: () => createStream(config, created),
  });
}

/** The disk may hold a configuration from before what was decided meanwhile. */
function followNewerConfig(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { config }: StreamSpec,
): void {
  if (!sameStreamConfig(config, asset.state.config)) updateStream(server, io, asset, config);
}

function pathOf(server: ServerState, { account, config, group }: StreamSpec): string | null {
  return group.storage === "file" ? streamPath(storeDir(server), account, config.name) : null;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
