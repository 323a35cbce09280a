/** Object buckets as bricks under a lid (ADR-20: `$O.BUCKET.M.name`, `$O.BUCKET.C.nuid`). */
import { lastMatch, loadMessage, subjectCount } from "../../../jetstream/index.ts";
import { decodeText, isJsonObject, JsonError, parseJson } from "../../../protocol/index.ts";
import type { ObjectRowView, ObjectsView } from "../../frames-features.ts";
import type { FoundStream } from "../assets.ts";
import { streamId } from "../names.ts";
import { lastChanged, rowsMost } from "./buckets.ts";

export function viewObjects(stream: FoundStream): ObjectsView {
  const name = stream.plain.slice("OBJ_".length);
  const metas = lastChanged(stream.state, `$O.${name}.M.`);
  const known = new Set<string>();
  const rows = metas.subjects
    .slice(0, rowsMost)
    .map((subject) => viewObject(stream, { bucket: name, subject, known }))
    .filter((row) => row !== null)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const objects = [...rows, ...arriving(stream, name, known)].slice(0, rowsMost);
  const view = {
    kind: "objects",
    id: `bucket:${stream.name}`,
    stream: streamId(stream.name),
    name,
    note: "objects in chunks",
    objects,
    // One object has many messages: only their number tells whether some are out of sight.
    hasMore: metas.subjects.length > rowsMost,
  } as const;
  return { ...view, say: objects.map(sayObject) };
}

interface MetaScene {
  readonly bucket: string;
  readonly subject: string;
  /** Of the chunks that belong to some object. */
  readonly known: Set<string>;
}

function viewObject(
  { state }: FoundStream,
  { bucket, subject, known }: MetaScene,
): ObjectRowView | null {
  const seq = lastMatch(state.store, subject);
  const message = seq === null ? null : loadMessage(state.store, seq);
  const meta = message === null ? null : metaOf(message.payload);
  if (meta === null) return null;
  const chunk = `$O.${bucket}.C.${meta.nuid}`;
  known.add(chunk);
  const held = subjectCount(state.store, chunk);
  const { name, chunks, size: bytes } = meta;
  return { name, chunks, held, bytes, state: stateOf(meta, held) };
}

function stateOf({ deleted, link, chunks }: Meta, held: number): ObjectRowView["state"] {
  if (deleted) return "deleted";
  if (link) return "link";
  return held === chunks ? "sealed" : "broken";
}

/** Chunks without a lid: an object on its way in, or one that never got there. */
function arriving(
  { state }: FoundStream,
  bucket: string,
  known: ReadonlySet<string>,
): ObjectRowView[] {
  return lastChanged(state, `$O.${bucket}.C.`)
    .subjects.filter((chunk) => !known.has(chunk))
    .map((chunk) => {
      const held = subjectCount(state.store, chunk);
      return { name: "arriving", chunks: held, held, bytes: 0, state: "open" };
    });
}

interface Meta {
  readonly name: string;
  readonly nuid: string;
  readonly size: number;
  readonly chunks: number;
  readonly deleted: boolean;
  readonly link: boolean;
}

function metaOf(payload: Uint8Array): Meta | null {
  try {
    const json = parseJson(decodeText(payload));
    if (!isJsonObject(json)) return null;
    const { name, nuid, size, chunks, deleted, options } = json;
    return {
      name: typeof name === "string" ? name : "",
      nuid: typeof nuid === "string" ? nuid : "",
      size: typeof size === "number" ? size : 0,
      chunks: typeof chunks === "number" ? chunks : 0,
      deleted: deleted === true,
      link: options !== undefined && isJsonObject(options) && options.link !== undefined,
    };
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

const stateWords = {
  sealed: "whole",
  open: "still arriving",
  broken: "broken: a chunk is missing",
  deleted: "deleted",
  link: "a link to another object",
} as const;

function sayObject({ name, chunks, held, state }: ObjectRowView): string {
  const bricks = state === "broken" ? `${held} of ${chunks} chunks` : `${held} chunks`;
  return `${name}: ${bricks}, ${stateWords[state]}`;
}
