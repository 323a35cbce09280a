/** Streams beside nats-server. Evidence: the run of nats-server that each case makes. */
import { compareCases } from "./compare-cases.ts";
import { featureCases } from "./feature-cases.ts";
import { batchCases, scheduleCases } from "./publish-cases.ts";
import { streamCases } from "./stream-cases.ts";

compareCases("streams", [...streamCases, ...featureCases, ...scheduleCases, ...batchCases]);
