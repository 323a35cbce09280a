/** Subject mappings of an account: where a published subject goes instead. */
import {
  compileTransform,
  isSubsetOf,
  isWildcard,
  tokenCount,
  transformSubject,
} from "../../protocol/index.ts";
import type { MappingConfig } from "../config/account-config.ts";
import type { ServerIo } from "../io.ts";
import type { Account, Mapping } from "../state.ts";

/**
 * Weights become thresholds of a draw from 0 to 99; what is left of the 100 goes to the original
 * subject. Destinations for one cluster take the place of those for any.
 * Source: nats-server `AddWeightedMappings`, `selectMappedSubject`.
 */
export function compileMappings(configs: readonly MappingConfig[], own = ""): Mapping[] {
  return configs.map(({ source, destinations }) => {
    const ofCluster = destinations.filter(({ cluster }) => own !== "" && cluster === own);
    const ofAny = destinations.filter(({ cluster }) => cluster === "");
    const named = ofCluster.length > 0 ? ofCluster : ofAny;
    const listsSource = destinations.some(({ destination }) => destination === source);
    let total = 0;
    const weighted = named.map(({ destination, weight }) => {
      total += weight;
      return { below: total, destination };
    });
    if (!listsSource && total < 100) weighted.push({ below: 100, destination: source });
    const choices = weighted.flatMap(({ below, destination }) => {
      const toSelf = destination === source ? wildcardsByPosition(source) : destination;
      const transform = compileTransform(source, toSelf);
      return transform === null ? [] : [{ below, transform }];
    });
    return { source, isWildcard: isWildcard(source), choices };
  });
}

/**
 * The subject to publish on, or null when the mapping lets the message fall.
 * Source: nats-server `selectMappedSubject`.
 */
export function mapSubject(account: Account, io: ServerIo, subject: string): string | null {
  const mapping = account.mappings.find((one) => {
    return one.isWildcard ? isSubsetOf(subject, one.source) : one.source === subject;
  });
  if (mapping === undefined) return subject;
  const { choices } = mapping;
  const draw = choices.length === 1 && choices[0]?.below === 100 ? 0 : io.draw("mappings") % 100;
  const choice = choices.find(({ below }) => draw < below);
  if (choice === undefined) return null;
  return transformSubject(choice.transform, subject, (n) => io.draw("mappings") % n);
}

/** `a.*.b.*` as a destination that leaves the subject as it is. */
function wildcardsByPosition(source: string): string {
  if (tokenCount(source) === 0) return source;
  let index = 0;
  return source
    .split(".")
    .map((token) => (token === "*" ? `{{wildcard(${++index})}}` : token))
    .join(".");
}
