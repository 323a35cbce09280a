// Programs drawn from a seed: any order of calls must give the same answers on both servers.
// Ack waits are long and every pull ends at once, so that nothing hangs on a race with the clock.

import type { Step } from "./program.ts";
import { ack, consumer, info, pull, stream } from "./programs-basic.ts";

const ms = 1_000_000;

/** A program of about `length` steps; the same seed gives the same program. */
export function randomProgram(seed: number, length: number): Step[] {
  const draw = generator(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[draw(choices.length)] as T;
  const retention = pick("limits", "limits", "interest", "workqueue");
  const names = retention === "workqueue" ? ["A"] : ["A", "B"];
  const limits = pick({}, {}, { max_msgs: 8 }, { max_msgs_per_subject: 3 });
  const storage = pick("file", "memory");
  const steps: Step[] = [stream("S", { retention, storage, ...limits })];
  for (const name of names) steps.push(consumer("S", name, config(name)));
  for (let i = 0; i < length; i++) steps.push(...step());
  for (const name of names) steps.push(info("S", name));
  steps.push({ do: "req", subject: "$JS.API.STREAM.INFO.S" });
  return steps;

  function config(name: string): object {
    const filters = pick<object>(
      {},
      {},
      { filter_subject: "s.a" },
      { filter_subjects: ["s.a", "s.b"] },
    );
    const own = pick<object>(
      {},
      { max_deliver: 2 },
      { max_ack_pending: 3 },
      { headers_only: true },
    );
    if (retention === "workqueue") return { ack_wait: 60_000 * ms, ...filters, ...own };
    const ack_policy = pick("explicit", "explicit", "all");
    const start = pick<object>(
      {},
      { deliver_policy: "new" },
      { deliver_policy: "by_start_sequence", opt_start_seq: 3 },
    );
    return { ack_wait: 60_000 * ms, ack_policy, ...filters, ...own, ...start, description: name };
  }

  function step(): Step[] {
    const name = pick(...names);
    const seq = 1 + draw(12);
    const kind = draw(22);
    if (kind < 7) return [publish(`s.${pick("a", "b", "c")}`, "x".repeat(draw(30)))];
    if (kind < 12) return [pull(`S.${name}`, request(), `${name}${steps.length}`)];
    if (kind < 16) return [ack(`S.${name}`, seq, pick("", "+ACK", "+TERM why", "-NAK"), "A.1")];
    if (kind < 17) return [ack(`S.${name}`, seq, "-NAK"), ack(`S.${name}`, seq, "+WPI", "A.2")];
    if (kind < 19) return [info("S", name)];
    if (kind < 20) return [api("STREAM.MSG.DELETE.S", { seq })];
    if (kind < 21) return [purge(), info("S", name)];
    // On files nats-server may read back what it was just writing when a reset leads to 1.
    if (storage === "file") return [info("S", name)];
    return [api(`CONSUMER.RESET.S.${name}`, draw(2) === 0 ? "" : { seq })];
  }

  function request(): object {
    const size = pick({}, {}, { max_bytes: 90 + draw(200) });
    return { batch: 1 + draw(4), no_wait: true, ...size };
  }

  function purge(): Step {
    return api(
      "STREAM.PURGE.S",
      pick<object>({}, { filter: "s.a" }, { seq: 1 + draw(10) }, { keep: 2 }),
    );
  }
}

/** Waits for its ack, so that what follows finds it stored. */
function publish(subject: string, body: string): Step {
  return { do: "req", subject, body };
}

function api(what: string, body: object | string): Step {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { do: "req", subject: `$JS.API.${what}`, body: text };
}

/** A small linear congruential generator: a test's dice, not the world's. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
