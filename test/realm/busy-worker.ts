/** Runs the busy program in a worker's own realm: the entry of a bundle that the test makes. */
import { parentPort, workerData } from "node:worker_threads";
import { busyDigest } from "./busy.ts";

busyDigest(Number(workerData)).then((digest) => parentPort?.postMessage(digest));
