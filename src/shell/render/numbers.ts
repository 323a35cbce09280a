// Numbers as natscli writes them.

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** `1,234,567`. */
export function comma(value: number | bigint): string {
  const text = typeof value === "bigint" ? String(value) : String(Math.trunc(value));
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** `x` with `digits` decimals, exact ties to even as Go's `%.Nf` rounds them. */
export function fixed(x: number, digits: number): string {
  let scale = 1;
  for (let i = 0; i < digits; i += 1) scale *= 10;
  const scaled = x * scale;
  const floor = Math.floor(scaled);
  if (scaled - floor !== 0.5) return x.toFixed(digits);
  return ((floor % 2 === 0 ? floor : floor + 1) / scale).toFixed(digits);
}

/** `512 B`, `1.5 KiB`, `12 MiB`. Source: go-humanize v1.0.1 `IBytes`. */
export function binaryBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  let unit = 0;
  let size = 1;
  while (bytes / size >= 1024 && unit < binaryUnits.length - 1) {
    size *= 1024;
    unit += 1;
  }
  const value = Math.floor((bytes / size) * 10 + 0.5) / 10;
  return `${fixed(value, value < 10 ? 1 : 0)} ${binaryUnits[unit]}`;
}
