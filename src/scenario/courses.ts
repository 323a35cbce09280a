/** The courses of the curriculum: shelves of scenarios, and the first half of a lesson's number. */

/** Titles in their order; the first course is 1. */
export const courseTitles: readonly string[] = [
  "First flight: core NATS",
  "The tape: streams",
  "The needle: consumers",
  "Exactly once, nearly",
  "Built on the tape",
  "Many servers",
  "Failure engineering",
];
