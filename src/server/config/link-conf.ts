/** What `cluster { … }` and `gateway { … }` have in common: a name, and who may come in. */
import { readAuthorization } from "./authorization-conf.ts";
import type { Check } from "./conf-checks.ts";
import { warn } from "./conf-reader.ts";
import { asString, wrong } from "./conf-values.ts";
import { defaultServerConfig } from "./server-config.ts";

/** Source: nats-server `ErrClusterNameHasSpaces`, `ErrGatewayNameHasSpaces`. */
export const linkName =
  (kind: "cluster" | "gateway"): Check =>
  (_draft, value) => {
    const name = asString(value);
    if (name.includes(" ")) throw wrong(value, `${kind} name cannot contain spaces`);
    if (name === "_") throw wrong(value, "cluster name is reserved");
  };

/** One user, no token. Source: nats-server `parseCluster`, `parseGateway`. */
export const linkAuthorization =
  (kind: "Cluster" | "Gateway"): Check =>
  (_draft, value, notes, key) => {
    const before = notes.problems.length;
    const { authorization } = defaultServerConfig("");
    const { token, defaultPermissions } = readAuthorization(authorization, value, notes, true);
    // A value of a wrong type ends it there.
    const problems = notes.problems.slice(before);
    if (problems.some((problem) => problem.includes("interface conversion"))) return;
    if (value.kind !== "map") return;
    const what = `${kind} authorization does not`;
    if (value.value.get("users")?.kind === "array")
      throw wrong(value, `${what} allow multiple users`);
    if (token !== "") throw wrong(value, `${what} support tokens`);
    const callout = value.value.get("auth_callout") ?? value.value.get("auth_hook");
    if (callout?.kind === "map" && problems.length === 0)
      throw wrong(value, `${what} support callouts`);
    if (kind === "Gateway" || defaultPermissions === null) return;
    const deprecated = 'setting "permissions" within cluster authorization block is deprecated';
    warn(notes, value, key, deprecated);
  };
