/** The bench's own account: named numbers with units, printed as they come and kept for --json. */
import { writeFileSync } from "node:fs";

export interface Metric {
  /** Dotted path, stable over time: `kernel.events_per_second`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The number that the design asks for, where it asks for one. */
  readonly goal?: string;
}

export interface Report {
  readonly metrics: Metric[];
}

/** Adds one number to the report and prints it. */
export function add(report: Report, metric: Metric): void {
  report.metrics.push(metric);
  const goal = metric.goal === undefined ? "" : `   (${metric.goal})`;
  console.log(
    `${metric.name.padEnd(44)} ${format(metric.value).padStart(12)} ${metric.unit}${goal}`,
  );
}

/** Writes all numbers as one JSON object, metric name to value and unit. */
export function writeReport(report: Report, file: string): void {
  const rows = report.metrics.map(({ name, value, unit, goal }) => [name, { value, unit, goal }]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
}

/** The middle of a list of measurements, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const half = ordered.length >> 1;
  const upper = ordered[half];
  if (upper === undefined) throw new Error("no measurements to take a median of");
  return ordered.length % 2 === 1 ? upper : (upper + (ordered[half - 1] ?? upper)) / 2;
}

function format(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
