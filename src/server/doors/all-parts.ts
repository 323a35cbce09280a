/** Every door at once: for whoever drives servers without looking ahead, as `serve` and tests do. */

import { provideZones } from "../../jetstream/index.ts";
import { findZone } from "../../jetstream/zones/zone-table.ts";
import { provideClusterParts } from "../cluster-door.ts";
import { clusterParts } from "../cluster-parts.ts";
import { provideBackupParts } from "./backup-door.ts";
import { backupParts } from "./backup-parts.ts";
import { provideConfParts } from "./conf-door.ts";
import { confParts } from "./conf-parts.ts";
import { provideJetStreamParts } from "./jetstream-door.ts";
import { jetStreamParts } from "./jetstream-parts.ts";
import { provideMonitoringParts } from "./monitoring-door.ts";
import { monitoringParts } from "./monitoring-parts.ts";

export function provideAllParts(): void {
  provideJetStreamParts(jetStreamParts);
  provideMonitoringParts(monitoringParts);
  provideClusterParts(clusterParts);
  provideConfParts(confParts);
  provideBackupParts(backupParts);
  provideZones(findZone);
}
