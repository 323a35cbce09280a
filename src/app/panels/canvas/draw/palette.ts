/** The tokens as colours a 2D context understands, read again when the theme changes. */
export interface Palette {
  readonly canvas: string;
  readonly flow: string;
  readonly waiting: string;
  readonly again: string;
  readonly broken: string;
  readonly brokenText: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly stored: string;
  readonly raft: string;
  readonly mono: string;
  readonly sans: string;
}

const tokens = {
  canvas: "--canvas",
  flow: "--flow",
  waiting: "--waiting",
  again: "--again",
  broken: "--broken",
  brokenText: "--broken-text",
  text: "--text",
  muted: "--muted",
  line: "--line",
  stored: "--stored",
  raft: "--raft",
} as const;

/** light-dark() resolves only in a used value, so each token is worn by a probe and read back. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement("span");
  host.append(probe);
  const colours: Record<string, string> = {};
  for (const [name, token] of Object.entries(tokens)) {
    probe.style.color = `var(${token})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const style = getComputedStyle(host);
  return {
    ...(colours as Record<keyof typeof tokens, string>),
    mono: style.getPropertyValue("--mono"),
    sans: style.getPropertyValue("--sans"),
  };
}
