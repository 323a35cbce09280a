import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fork } from "../../kernel/index.ts";
import { subjectMatches } from "../../protocol/index.ts";
import { addSubscription, createInterest, removeSubscription, reweigh } from "./interest.ts";
import { hasMatch, matchInterest } from "./match.ts";
import type { Interest, Subscription } from "./subscription.ts";
import { unwatchSubject, type WatchFired, watchSubject } from "./watch.ts";

const token = fc.constantFrom("a", "b", "c");
const subject = fc.array(token, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join("."));
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant("*")), { maxLength: 3 }), fc.boolean())
  .filter(([tokens, arrow]) => tokens.length > 0 || arrow)
  .map(([tokens, arrow]) => (arrow ? [...tokens, ">"] : tokens).join("."));
const queue = fc.constantFrom(null, null, "q1", "q2");

type Step =
  | { readonly kind: "add"; readonly pattern: string; readonly queue: string | null }
  | { readonly kind: "remove"; readonly which: number }
  | { readonly kind: "match"; readonly subject: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), pattern, queue }),
  fc.record({ kind: fc.constant("remove" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("match" as const), subject }),
);

function add(interest: Interest, wanted: string, group: string | null = null): Subscription {
  const sub = { subject: wanted, queue: group, conn: 1, sid: "1", target: null };
  return addSubscription(interest, sub, []);
}

/** Ids of what matches, sorted: once for each plain subscription, by group for queues. */
function matched(interest: Interest, wanted: string): unknown {
  const { plain, queues } = matchInterest(interest, wanted);
  return {
    plain: plain.map(({ id }) => id).toSorted((a, b) => a - b),
    queues: queues
      .map((members) => ({
        queue: members[0]?.queue,
        ids: members.map(({ id }) => id).toSorted((a, b) => a - b),
      }))
      .toSorted((a, b) => String(a.queue).localeCompare(String(b.queue))),
  };
}

/** The same from a plain list. */
function expected(subs: ReadonlyMap<number, Subscription>, wanted: string): unknown {
  const hits = [...subs.values()].filter((sub) => subjectMatches(sub.subject, wanted));
  const groups = ["q1", "q2"].flatMap((name) => {
    const ids = hits.filter((sub) => sub.queue === name).map(({ id }) => id);
    return ids.length === 0 ? [] : [{ queue: name, ids: ids.toSorted((a, b) => a - b) }];
  });
  const plain = hits.filter((sub) => sub.queue === null).map(({ id }) => id);
  return { plain: plain.toSorted((a, b) => a - b), queues: groups };
}

describe("the subject index against a plain list", () => {
  test("any sequence of adds, removes and matches agrees, cache and forks included", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let interest = createInterest();
        const model = new Map<number, Subscription>();
        for (const one of steps) {
          if (one.kind === "add") {
            const sub = add(interest, one.pattern, one.queue);
            model.set(sub.id, sub);
          } else if (one.kind === "remove") {
            const id = [...model.keys()][one.which];
            if (id !== undefined) removeSubscription(interest, id, []);
            if (id !== undefined) model.delete(id);
          } else {
            expect(matched(interest, one.subject)).toEqual(expected(model, one.subject));
            // A restored checkpoint answers the same, without the cache of the original.
            interest = fork(interest);
            expect(matched(interest, one.subject)).toEqual(expected(model, one.subject));
          }
        }
        for (const id of model.keys()) removeSubscription(interest, id, []);
        expect(interest.root.value).toEqual(createInterest().root.value);
      }),
      { numRuns: 300 },
    );
  });

  // Evidence: nats-server sublist.go match: a subject with an empty token reaches nobody.
  test("a subject with an empty token reaches nobody", () => {
    const interest = createInterest();
    add(interest, ">");
    expect(hasMatch(interest, "a..b")).toBe(false);
    expect(hasMatch(interest, "")).toBe(false);
    expect(hasMatch(interest, "a.b")).toBe(true);
  });

  test("members of a queue group are one list whatever pattern they came by", () => {
    const interest = createInterest();
    add(interest, "a.*", "q1");
    add(interest, "a.b", "q1");
    add(interest, "a.>", "q2");
    const { queues } = matchInterest(interest, "a.b");
    expect(queues.map((members) => members.length).toSorted()).toEqual([1, 2]);
    expect(hasMatch(interest, "a.b", "q1")).toBe(true);
    expect(hasMatch(interest, "a.b", "q3")).toBe(false);
  });

  test("a thousand and more cached subjects are swept, and answers stay right", () => {
    const interest = createInterest();
    const sub = add(interest, "x.*");
    for (let i = 0; i < 3000; i++) expect(hasMatch(interest, `x.${i}`)).toBe(true);
    removeSubscription(interest, sub.id, []);
    for (let i = 0; i < 3000; i++) expect(hasMatch(interest, `x.${i}`)).toBe(false);
  });
});

test("a weight that changes leaves every fork, and finds its way past the cache", () => {
  const interest = createInterest();
  const wanted = { subject: "a", queue: "q1", conn: null, sid: "", target: null };
  const sub = addSubscription(interest, { ...wanted, remote: { conn: 3, weight: 1 } }, []);
  const weightIn = (at: Interest) => matchInterest(at, "a").queues[0]?.[0]?.remote?.weight;
  expect(weightIn(interest)).toBe(1);
  const past = fork(interest);
  reweigh(interest, sub, { conn: 3, weight: 4 });
  expect(weightIn(interest)).toBe(4);
  expect(weightIn(past)).toBe(1);
});

// Evidence: nats-server sublist.go RegisterNotification: literal subscriptions only.
describe("watches", () => {
  const target = { kind: "push-interest", stream: "S", consumer: "C" } as const;

  test("say when the first comes and when the last goes, and nothing between", () => {
    const interest = createInterest();
    expect(watchSubject(interest, "deliver", { target, queue: null })).toBe(false);
    const fired: WatchFired[] = [];
    const sub = { subject: "deliver", queue: null, conn: 1, sid: "1", target: null };
    const first = addSubscription(interest, sub, fired);
    const second = addSubscription(interest, sub, fired);
    removeSubscription(interest, first.id, fired);
    removeSubscription(interest, second.id, fired);
    expect(fired).toHaveLength(2);
    expect(fired.map(({ subject: of }) => of)).toEqual(["deliver", "deliver"]);
  });

  test("are quiet once they are taken back", () => {
    const interest = createInterest();
    watchSubject(interest, "deliver", { target, queue: null });
    unwatchSubject(interest, "deliver", (one) => one.kind === "push-interest");
    const fired: WatchFired[] = [];
    const sub = { subject: "deliver", queue: null, conn: 1, sid: "1", target: null };
    addSubscription(interest, sub, fired);
    expect(fired).toEqual([]);
    expect(interest.watches.size).toBe(0);
  });
});
