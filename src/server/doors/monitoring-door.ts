/**
 * The one door to what a server tells of itself (monitoring-parts.ts): its pages, and its answers
 * to `$SYS.REQ.…`. Most pages never ask.
 */
import { createDoor } from "./door.ts";

export type MonitoringParts = typeof import("./monitoring-parts.ts")["monitoringParts"];

const door = createDoor<MonitoringParts>("a server is asked about itself");

export const provideMonitoringParts = door.provide;
export const monitoringPartsAreHere = door.isOpen;
export const monitoringParts = door.parts;
