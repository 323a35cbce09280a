/** What the inspector is made from, and what it shows where there is nothing to say. */
import type { World } from "../../world/index.ts";
import type { ClientView, ConsumerView, ServerView } from "../frames.ts";
import type { FeatureView } from "../frames-features.ts";
import type { FoundStream } from "./assets.ts";
import type { Past } from "./history.ts";

export interface DetailScene {
  readonly world: World;
  readonly streams: readonly FoundStream[];
  readonly servers: readonly ServerView[];
  readonly clients: readonly ClientView[];
  readonly consumers: readonly ConsumerView[];
  readonly features: readonly FeatureView[];
  readonly past: Past;
}

export const empty = {
  what: "",
  vitals: [],
  question: "",
  why: [],
  evidence: "",
  state: [],
  config: [],
  messages: [],
  raft: null,
  log: [],
  copies: [],
} as const;

export const shown = 40;
export const previewLetters = 80;
