/** Validates what a server says against the JSON schemas that jsm.go publishes. */
import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";

interface Fixture {
  readonly schemas: readonly { readonly $id: string }[];
}

const fixture = JSON.parse(
  readFileSync(new URL("./jsm-schemas.json", import.meta.url), "utf8"),
) as Fixture;
const ajv = createValidator();

/** What a document was checked against, and what is wrong with it. */
export interface Verdict {
  readonly schema: string;
  /** Places in the document without indices, and what is said of them. */
  readonly complaints: readonly string[];
}

/** Null for a document of which there is no schema. */
export function validate(text: string): Verdict | null {
  const document = parse(text);
  const type = typeof document?.type === "string" ? document.type : pubAckType(document);
  const validator = type === null ? null : validatorOf(type);
  if (type === null || validator === null) return null;
  if (validator(document)) return { schema: type, complaints: [] };
  const complaints = (validator.errors ?? []).map(({ instancePath, message, params }) => {
    const place = instancePath.replace(/\/\d+/g, "/#");
    const extra = "additionalProperty" in params ? ` ${params.additionalProperty}` : "";
    return `${type.replace("io.nats.jetstream.", "")} ${place} ${message}${extra}`;
  });
  return { schema: type, complaints: [...new Set(complaints)] };
}

function createValidator(): Ajv {
  const made = new Ajv({ strict: false, allErrors: true });
  made.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  for (const schema of fixture.schemas) made.addSchema(schema);
  return made;
}

/** `io.nats.jetstream.api.v1.x` is at `jetstream/api/v1/x.json`. */
function validatorOf(type: string): ValidateFunction | null {
  const path = type.replace(/^io\.nats\./, "").replaceAll(".", "/");
  return ajv.getSchema(`https://nats.io/schemas/${path}.json`) ?? null;
}

/** A publish answer carries no type. */
function pubAckType(document: Readonly<Record<string, unknown>> | null): string | null {
  const isAck = typeof document?.stream === "string" && typeof document.seq === "number";
  return isAck ? "io.nats.jetstream.api.v1.pub_ack_response" : null;
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
