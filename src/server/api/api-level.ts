/** The header by which a client asks for a minimum API level. */
import { apiLevel } from "../../jetstream/index.ts";
import { getHeader } from "../../protocol/index.ts";

/** Whether a request wants an API level that this server does not have, or none that is one. */
export function needsHigherLevel(headers: Uint8Array | null): boolean {
  const wanted = getHeader(headers, "Nats-Required-Api-Level") ?? "";
  if (wanted === "") return false;
  return !/^[+-]?\d+$/.test(wanted) || Number(wanted) > apiLevel;
}
