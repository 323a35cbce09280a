import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesAny } from "../../../jetstream/index.ts";
import { audienceOf, forgetAudience } from "./audience.ts";

const token = fc.constantFrom("a", "b", "c");
const subject = fc.array(token, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join("."));
const filter = fc
  .tuple(fc.array(fc.constantFrom("a", "b", "*"), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([tokens, isOpen]) => (isOpen ? [...tokens, ">"] : tokens).join("."));
const filters = fc.array(fc.oneof(filter, fc.constant(">")), { maxLength: 3 });

// Evidence: our model, which asks each consumer in turn.
test("whom a subject concerns is who filters for it, in the order of creation", () => {
  const changes = fc.array(fc.tuple(fc.nat(30), fc.option(filters), subject), { maxLength: 60 });
  fc.assert(
    fc.property(changes, (steps) => {
      const asset = { consumers: new Map<string, { name: string; filters: string[] }>() };
      for (const [n, wanted, published] of steps) {
        const name = `c${n}`;
        if (wanted === null) asset.consumers.delete(name);
        else asset.consumers.set(name, { name, filters: wanted });
        forgetAudience(asset);
        const asked = [...asset.consumers.values()].filter((consumer) =>
          matchesAny(consumer.filters, published),
        );
        expect(audienceOf(asset, published)).toEqual(asked);
      }
    }),
  );
});
