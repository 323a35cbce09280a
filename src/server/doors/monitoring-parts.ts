/**
 * What a server tells of itself, under one roof: a page brings it with the first request for it
 * (monitoring-door.ts). Whoever runs without must come here through the door alone.
 */
import { monitor } from "../monitoring/monitor.ts";
import { accountConnections } from "../system/account-counts.ts";
import { onStatszTimer } from "../system/heartbeat.ts";
import { onSystemEvent } from "../system/inbound.ts";

export const monitoringParts = { accountConnections, monitor, onStatszTimer, onSystemEvent };
