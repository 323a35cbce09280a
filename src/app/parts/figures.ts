/** Numbers as the page prints them. */

/** `00:12.480`; hours in front when there are any. */
export function clockText(nanos: number): string {
  return `${minuteText(nanos)}.${pad(Math.floor(nanos / 1e6) % 1000, 3)}`;
}

/** `00:12`, for an axis. */
export function minuteText(nanos: number): string {
  const seconds = Math.floor(nanos / 1e9);
  const hours = Math.floor(seconds / 3600);
  const rest = `${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** `12.480`, or `01:12.480` past the first minute: the times of Why and trace. */
export function shortText(nanos: number): string {
  const text = clockText(nanos);
  return text.startsWith("00:") ? text.slice(3) : text;
}

/** `0.22 s`, `4.7 s`, `12 s`: time left on a ring. */
export function leftText(nanos: number): string {
  const seconds = Math.max(0, nanos / 1e9);
  if (seconds < 10) return `${(Math.floor(seconds * 100) / 100).toFixed(2)} s`;
  if (seconds < 100) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  return `${Math.round(seconds)} s`;
}

export function durationText(nanos: number): string {
  if (nanos < 1e6) return `${Math.round(nanos / 1e3)} µs`;
  if (nanos < 1e9) return `${trim(nanos / 1e6)} ms`;
  if (nanos < 120e9) return `${trim(nanos / 1e9)} s`;
  return `${trim(nanos / 60e9)} min`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${trim(bytes / 1024)} KiB`;
  return `${trim(bytes / 1024 / 1024)} MiB`;
}

/** `12,480`. By hand: the platform's formatter takes 25 ms to load and more each frame. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function speedText(speed: number | "flat-out" | "fit"): string {
  if (typeof speed === "string") return speed === "fit" ? "fit" : "flat out";
  return speed < 1 ? `1/${Math.round(1 / speed)}` : `${speed}`;
}

function trim(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
