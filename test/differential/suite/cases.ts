/** All cases of the suite. */
import { apiCases } from "./cases-api.ts";
import { changeCases } from "./cases-change.ts";
import { consumerFieldCases } from "./cases-consumer-fields.ts";
import { coreCases } from "./cases-core.ts";
import { deliverCases } from "./cases-deliver.ts";
import { foundCases } from "./cases-found.ts";
import { limitCases } from "./cases-limits.ts";
import { pairCases } from "./cases-pairs.ts";
import { publishCases } from "./cases-publish.ts";
import { readCases } from "./cases-read.ts";
import { refusalCases } from "./cases-refusals.ts";
import { streamFieldCases } from "./cases-stream-fields.ts";
import type { Case } from "./notation.ts";

export const allCases: readonly Case[] = [
  ...streamFieldCases,
  ...consumerFieldCases,
  ...apiCases,
  ...publishCases,
  ...changeCases,
  ...limitCases,
  ...deliverCases,
  ...readCases,
  ...coreCases,
  ...foundCases,
  ...refusalCases,
  ...pairCases,
];
