/** What the auditor holds against whom. */
import { expect, test } from "vitest";
import { logPush, term, virtualNanos } from "../kernel/index.ts";
import { createCore, createDurable, type RaftCore } from "./core.ts";
import { checkMember, createHistory } from "./invariants.ts";

function elected(inTerm: number): RaftCore {
  const durable = createDurable(["n1", "n2", "n3"]);
  durable.stable.term = term(inTerm);
  return createCore("n1", "g", durable, { now: virtualNanos(0) });
}

// Raft 5.4: what is committed in a term is in the logs of the leaders of all higher terms. Found by
// the fuzzer: votes that a one-way cut held back made a leader of a term that was long over.
test("a leader of a term that is over need not have what was committed since", () => {
  const history = createHistory();
  logPush(history.committed, term(3));
  logPush(history.committedIn, term(3));
  const out = [{ kind: "leader-tickers", run: true }] as const;
  expect(checkMember(history, elected(2), () => [], out)).toBeNull();
  const late = checkMember(history, elected(4), () => [], out);
  expect(late?.rule).toBe("leader completeness");
});
