/**
 * `node tools/run.mjs tools/schemas/main.ts FOLDER COMMIT` makes the fixture of JetStream's JSON
 * schemas from a checkout of nats-io/jsm.go: its `schema_source`, answers and advisories only,
 * without what is written for people.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readWords, runCommand } from "../options.ts";

const target = "test/differential/suite/jsm-schemas.json";
const notice =
  "Derived from the JSON schemas of github.com/nats-io/jsm.go, Copyright The NATS Authors, " +
  "licensed under the Apache License, Version 2.0. Changed: requests, descriptions and titles " +
  "are left out, identifiers follow the paths.";

process.exitCode = await runCommand({
  name: "schemas",
  usage: "usage: node tools/run.mjs tools/schemas/main.ts FOLDER COMMIT",
  read: (words) => readWords(words, "FOLDER", "COMMIT"),
  run: makeFixture,
});

function makeFixture([folder = "", commit = ""]: readonly string[]): number {
  const source = join(folder, "schema_source");
  const names = readdirSync(join(source, "jetstream"), { recursive: true, encoding: "utf8" })
    .map((name) => `jetstream/${name}`)
    .filter((name) => /(_response|definitions)\.json$|\/(advisory|metric)\/.*\.json$/.test(name))
    .sort();
  const lines = ["definitions.json", ...names].map((name) => {
    const schema = JSON.parse(readFileSync(join(source, name), "utf8")) as object;
    const made = { ...(compact(schema) as object), $id: `https://nats.io/schemas/${name}` };
    return JSON.stringify(made);
  });
  const head = `{"notice":${JSON.stringify(notice)},\n"commit":"${commit}",\n"schemas":[`;
  writeFileSync(target, `${head}\n${lines.join(",\n")}\n]}\n`);
  process.stdout.write(`${lines.length} schemas in ${target}\n`);
  return 0;
}

/** Texts and inner identifiers go; a property that is called `title` or the like stays. */
function compact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(compact);
  if (typeof value !== "object" || value === null) return value;
  const forPeople = ["description", "title", "$comment", "$id", "$schema"];
  const kept = Object.entries(value).filter(
    ([name, member]) => !(forPeople.includes(name) && typeof member === "string"),
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, compact(member)]));
}
