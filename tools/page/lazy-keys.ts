/**
 * Keys and signatures are 14 kB that nats.js brings for every connection, and hardly any needs.
 * In a built page they are a chunk of their own: `nkeys.load()` brings it, which only exists there.
 */
import type { Plugin } from "vite";

const library = "@nats-io/nkeys";
/** Who imports it; the module is nothing but that import. */
const asker = /\/@nats-io\/nats-core\/lib\/nkeys\.js$/;
const door = "\0windtunnel:nkeys";

/** What authenticators of nats.js call. Source: nats-core 3.4.0 `authenticator.ts`. */
const names = ["fromSeed", "encode"];

const code = `
let library = null;
export const load = async () => { library ??= await import(${JSON.stringify(library)}); };
const call = (name) => (...args) => {
  if (library === null) throw new Error("nkeys." + name + " was called before nkeys.load");
  return library[name](...args);
};
${names.map((name) => `export const ${name} = call("${name}");`).join("\n")}
`;

export function lazyKeys(): Plugin {
  let from: string | undefined;
  return {
    name: "windtunnel:lazy-keys",
    apply: "build",
    enforce: "pre",
    resolveId(source, importer = "") {
      if (source !== library) return null;
      if (importer === door) return this.resolve(source, from, { skipSelf: true });
      if (!asker.test(importer)) return null;
      from = importer;
      return door;
    },
    load: (id) => (id === door ? code : null),
  };
}
