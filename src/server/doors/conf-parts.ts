/**
 * What reads configuration files and applies them to a running server, under one roof
 * (conf-door.ts). A page comes here through the door alone.
 */
import { configText } from "../config/conf-text.ts";
import { configObstacle, serverConfigFromText } from "../config/from-conf.ts";
import { applyConfig } from "../reload.ts";
import { fitsHash } from "./fits-hash.ts";

export const confParts = {
  applyConfig,
  configObstacle,
  configText,
  fitsHash,
  serverConfigFromText,
};
