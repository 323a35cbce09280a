/** Mirrors and sources beside nats-server. Evidence: the run of nats-server of each case. */
import { compareCases } from "./compare-cases.ts";
import { originCases, withoutMoments } from "./origin-cases.ts";

compareCases("origins", originCases, withoutMoments);
