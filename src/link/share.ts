/**
 * The share codec: a session in the fragment of an address, `#w=1.<payload>`. The payload is
 * base64url over raw deflate over JSON. Old formats parse for ever: test/links holds every kind of
 * link that was ever issued.
 */
import { stateHash } from "../kernel/index.ts";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";
import type { ScenarioFile } from "./scenario-file.ts";

/** Everything that reopens a session elsewhere. Nothing in it runs code or connects anywhere. */
export interface SharedSession {
  /** Version of the engine's behaviour; another one may give another hash. */
  readonly behaviour: number;
  readonly seed: number;
  readonly files: readonly ScenarioFile[];
  /** The journal with its header, as `.wt` text. */
  readonly journal: string;
  /** What the page wants to show again: instant, speed, selection, layout. The page reads it. */
  readonly view: Readonly<Record<string, unknown>>;
  readonly caption: string;
  /** State hash at the end of the journal or at the view's instant; null when unknown. */
  readonly hash: string | null;
}

const shareCharsMax = 1_000_000;
const sharedBytesMax = 16_000_000;
const shareFormat = 1;

/** What is wrong with a link, in a sentence for the person who opened it. */
export class ShareLinkError extends Error {
  override readonly name = "ShareLinkError";
  readonly kind: ShareLinkErrorKind;
  constructor(kind: ShareLinkErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export type ShareLinkErrorKind =
  | "not-a-link"
  | "unknown-version"
  | "truncated"
  | "garbled"
  | "too-large";

/** The fragment with its `#w=1.`, to be put after the page's address. */
export async function encodeShare(session: SharedSession): Promise<string> {
  const body = { format: shareFormat, ...session };
  const text = JSON.stringify({ ...body, check: checkOf(body) });
  const packed = await pump(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return `#w=${shareFormat}.${encodeBase64url(packed)}`;
}

/** Reads an address, its fragment, or the part after `w=`. Throws ShareLinkError. */
export async function decodeShare(link: string): Promise<SharedSession> {
  const m = /(?:^|[#&])(?:w=)?(\d+)\.([^&\s]*)$/.exec(link.trim());
  if (m === null) {
    throw new ShareLinkError("not-a-link", "This is no Windtunnel link: it has no #w=1. in it.");
  }
  if (m[1] !== String(shareFormat)) {
    throw new ShareLinkError(
      "unknown-version",
      `This link has format ${m[1]}; this page reads format ${shareFormat}. Reload to update it.`,
    );
  }
  const payload = m[2] as string;
  if (payload.length > shareCharsMax) throw tooLarge();
  if (payload === "" || payload.length % 4 === 1) throw truncated();
  const packed = decodeBase64url(payload);
  if (packed === null) throw garbled("it holds characters that no link has");
  return readSession(await inflate(packed));
}

async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    return new TextDecoder().decode(await pump(new DecompressionStream("deflate-raw"), packed));
  } catch (error) {
    if (error instanceof ShareLinkError) throw error;
    // Node says "unexpected end of file", Chromium "Compressed input was truncated".
    if (/truncat|unexpected end/i.test(String(error))) throw truncated();
    throw garbled("it does not unpack");
  }
}

async function pump(
  transform: CompressionStream | DecompressionStream,
  input: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const writer = transform.writable.getWriter();
  // Failures surface on the reading side; here they would be unhandled rejections.
  const written = writer.write(input).then(() => writer.close().catch(ignore), ignore);
  const reader = transform.readable.getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (part.value === undefined) continue;
    parts.push(part.value);
    total += part.value.length;
    if (total <= sharedBytesMax) continue;
    await reader.cancel();
    throw tooLarge();
  }
  await written;
  const output = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    output.set(part, at);
    at += part.length;
  }
  return output;
}

function ignore(): void {}

function readSession(text: string): SharedSession {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw garbled("what it unpacks to is no session");
  }
  if (!isShared(value)) throw garbled("parts of the session are missing");
  const { check, ...body } = value;
  if (check !== checkOf(body)) throw garbled("its check does not match");
  const { format: _, ...session } = body;
  return session;
}

type Shared = SharedSession & { readonly format: number; readonly check: string };

function isShared(value: unknown): value is Shared {
  if (typeof value !== "object" || value === null) return false;
  const v = value as Readonly<Record<string, unknown>>;
  const files = Array.isArray(v.files) && v.files.every(isFile);
  const view = typeof v.view === "object" && v.view !== null && !Array.isArray(v.view);
  const texts = typeof v.journal === "string" && typeof v.caption === "string";
  const numbers = Number.isSafeInteger(v.behaviour) && Number.isSafeInteger(v.seed);
  return files && view && texts && numbers && (v.hash === null || typeof v.hash === "string");
}

function isFile(value: unknown): value is ScenarioFile {
  if (typeof value !== "object" || value === null) return false;
  const v = value as Readonly<Record<string, unknown>>;
  return typeof v.path === "string" && typeof v.text === "string";
}

/** Raw deflate has no checksum of its own: a changed digit would unpack without a word. */
function checkOf(body: object): string {
  // Through JSON, so that both ends hash exactly what travels.
  return stateHash(JSON.parse(JSON.stringify(body))).slice(0, 8);
}

function truncated(): ShareLinkError {
  return new ShareLinkError(
    "truncated",
    "This link was cut short on its way. Copy it again, whole, from where it came.",
  );
}

function garbled(why: string): ShareLinkError {
  return new ShareLinkError(
    "garbled",
    `This link was damaged on its way: ${why}. Copy it again from where it came.`,
  );
}

function tooLarge(): ShareLinkError {
  return new ShareLinkError(
    "too-large",
    "This link holds more than a session can. Ask for the scenario as a file instead.",
  );
}
