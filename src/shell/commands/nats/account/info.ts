// nats account info: who we are, where we are connected, what we may use.

import { compareStrings } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import {
  addLine,
  addRow,
  addRowIf,
  addSection,
  type Columns,
  columns,
  renderColumns,
  setIndent,
} from "../../../render/columns.ts";
import { humanDuration } from "../../../render/durations.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { nanosBetween } from "../../../render/times.ts";
import { accountInfo } from "../api.ts";
import { connect, serverUrls } from "../connection.ts";
import { type NatsContext, natsCommand, readTags } from "../context.ts";
import { ApiFailure, deadlineExceeded, noResponders, orFail } from "../failures.ts";
import type { AccountInfo, AccountTier } from "../wire-account.ts";
import { askWhoWeAre, type Permission, type UserInfo } from "./user.ts";

export const accountInfoCommand = natsCommand({
  path: "info",
  aliases: ["nfo"],
  tags: readTags,
  help: "Show the account, the connection and the limits of JetStream",
  async run(ctx) {
    const connection = await orFail("setup failed", connect(ctx));
    const began = ctx.process.storedNow();
    await connection.flush();
    const rtt = nanosBetween(began, ctx.process.storedNow());
    const user = await askWhoWeAre(ctx);
    const server = (connection.info ?? {}) as unknown as ServerInfo;
    const to = columns("Account Information");
    if (user) addUser(to, user, server);
    addConnection(to, ctx, { server, address: connection.getServer(), rtt });
    if (user?.permissions) addPermissions(to, user.permissions);
    await addJetStream(to, ctx, server);
    await ctx.process.write(renderColumns(to));
    return 0;
  },
});

/** The parts of INFO that are shown. */
interface ServerInfo {
  readonly client_id: number;
  readonly client_ip: string;
  readonly headers: boolean;
  readonly max_payload: number;
  readonly cluster?: string;
  readonly server_id: string;
  readonly server_name: string;
  readonly version: string;
  readonly acc_is_sys?: boolean;
}

function addUser(to: Columns, user: UserInfo, server: ServerInfo): void {
  const id = user.user ?? "";
  addRow(to, "User", user.user_name ? `${user.user_name} (${id})` : id);
  if (user.account_name) {
    addRow(to, "Account", `${user.account_name} (${user.account})`);
    addRow(to, "System Account", String(server.acc_is_sys ?? false));
  } else addRow(to, "Account", user.account);
  addRow(to, "Expires", user.expires ? humanDuration(user.expires) : "never");
}

interface Connected {
  readonly server: ServerInfo;
  readonly address: string;
  readonly rtt: number;
}

function addConnection(to: Columns, ctx: NatsContext, { server, address, rtt }: Connected): void {
  addRow(to, "Client ID", String(server.client_id));
  addRow(to, "Client IP", server.client_ip);
  addRow(to, "RTT", humanDuration(rtt));
  addRow(to, "Headers Supported", String(server.headers));
  addRow(to, "Maximum Payload", binaryBytes(server.max_payload));
  addRowIf(to, "Connected Cluster", server.cluster ?? "", Boolean(server.cluster));
  const [url = ""] = serverUrls(ctx);
  const known = serverUrls(ctx).find((candidate) => candidate.endsWith(address));
  addRow(to, "Connected URL", known ?? (url.includes("://") ? url : `nats://${url}`));
  addRow(to, "Connected Address", address);
  addRow(to, "Connected Server ID", server.server_id);
  addRow(to, "Connected Server Version", server.version);
  const isNamed = server.server_name !== server.server_id;
  addRowIf(to, "Connected Server Name", server.server_name, isNamed);
  addRow(to, "TLS Connection", "no");
}

function addPermissions(
  to: Columns,
  permissions: { readonly publish?: Permission; readonly subscribe?: Permission },
): void {
  addSection(to, "Connection Permissions");
  addPermission(to, "Publish:", permissions.publish);
  addLine(to);
  addPermission(to, "Subscribe:", permissions.subscribe);
  addLine(to);
}

function addPermission(to: Columns, title: string, permission: Permission | undefined): void {
  const allow = [...(permission?.allow ?? [])].sort(compareStrings);
  const deny = [...(permission?.deny ?? [])].sort(compareStrings);
  if (allow.length + deny.length === 0) return;
  setIndent(to, 2);
  addLine(to, title);
  allow.forEach((subject, i) => {
    addRow(to, i === 0 ? "Allow" : "", subject);
  });
  if (deny.length > 0) addLine(to);
  deny.forEach((subject, i) => {
    addRow(to, i === 0 ? "Deny" : "", subject);
  });
  setIndent(to, 0);
}

async function addJetStream(to: Columns, ctx: NatsContext, server: ServerInfo): Promise<void> {
  let info: AccountInfo;
  try {
    info = await accountInfo(ctx);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    addLine(to);
    addLine(to, refusalText(error));
    return;
  }
  const domain = info.domain ? ` for domain ${info.domain}` : "";
  addSection(to, `JetStream Account Information${domain}`);
  addSection(to, "Account Usage");
  addRowIf(to, "Domain", info.domain ?? "", Boolean(info.domain));
  addRow(to, "Storage", binaryBytes(info.storage));
  addRow(to, "Memory", binaryBytes(info.memory));
  addRow(to, "Streams", comma(info.streams));
  addRow(to, "Consumers", comma(info.consumers));
  addSection(to, "Account Limits");
  addRow(to, "Max Message Payload", binaryBytes(server.max_payload));
  const tiers = Object.entries(info.tiers ?? {}).sort(([a], [b]) => compareStrings(a, b));
  if (tiers.length === 0) addTier(to, "Default", info);
  for (const [name, tier] of tiers) addTier(to, name, tier);
}

function refusalText(error: CommandError): string {
  if (error.message === deadlineExceeded) return "   No response from JetStream server";
  const isOff = error instanceof ApiFailure && error.fault.err_code === 10076;
  if (isOff || error.message === noResponders) {
    return "   JetStream is not supported in this account";
  }
  return `   Could not obtain account information:  ${error.message}`;
}

function addTier(to: Columns, name: string, tier: AccountTier): void {
  const { limits } = tier;
  setIndent(to, 2);
  addSection(to, `Tier: ${name}`);
  setIndent(to, 6);
  addSection(to, "Configuration Requirements");
  addRow(to, "Stream Requires Max Bytes Set", String(limits.max_bytes_required));
  const pending = limits.max_ack_pending;
  addRow(to, "Consumer Maximum Ack Pending", pending <= 0 ? "Unlimited" : comma(pending));
  addSection(to, "Stream Resource Usage Limits");
  addRow(to, "Memory", usage(tier.memory, limits.max_memory, tier.reserved_memory));
  addRow(to, "Memory Per Stream", perStream(limits.memory_max_stream_bytes));
  addRow(to, "Storage", usage(tier.storage, limits.max_storage, tier.reserved_storage));
  addRow(to, "Storage Per Stream", perStream(limits.storage_max_stream_bytes));
  const streams = limits.max_streams === -1 ? "Unlimited" : comma(limits.max_streams);
  addRow(to, "Streams", `${comma(tier.streams)} of ${streams}`);
  const consumers = limits.max_consumers;
  const consumersText = `Maximum ${comma(consumers)} per stream`;
  addRow(to, "Consumers", consumers === -1 ? "Unlimited" : consumersText);
  setIndent(to, 0);
}

function usage(used: number, limit: number, reserved: number | undefined): string {
  const most = limit === -1 ? "Unlimited" : binaryBytes(limit);
  const note = reserved ? `(${binaryBytes(reserved)} reserved)` : "";
  return `${binaryBytes(used)} of ${most} ${note}`;
}

function perStream(limit: number): string {
  return limit <= 0 ? "Unlimited" : binaryBytes(limit);
}
