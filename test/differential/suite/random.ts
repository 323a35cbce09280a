/**
 * Programs drawn from a seed. Any order of calls must be answered alike by both servers. Waits are
 * short and acknowledgement times long, so that nothing hangs on a race with the clock.
 */
import { Dice } from "./dice.ts";
import { integerEdges, subjectEdges } from "./edges.ts";
import type { Case } from "./notation.ts";
import { themeCase } from "./random-themes.ts";

/**
 * The same seed gives the same program: even ones one of about `length` steps of all kinds, odd
 * ones a program about one feature.
 */
export function randomCase(seed: number, length = 40): Case {
  return seed % 2 === 0 ? new Drawer(seed).program(length) : themeCase(seed);
}

const subjects = ["s.a", "s.b", "s.c.d", "s.z"];
const bodies = ["", "1", "22", "<<x:40>>", "{}"];

/** Limits that remove a message when another comes. */
const evicts = new Set(["max_msgs", "max_msgs_per_subject", "max_bytes"]);

class Drawer {
  readonly #dice: Dice;
  readonly #seed: number;
  readonly #consumers: string[] = [];
  readonly #filtered = new Map<string, boolean>();
  #isMemory = false;
  /**
   * Whether consumers may be held back by what is open, or else streams by limits: when both meet,
   * the count of pending messages depends on the order of two goroutines there.
   */
  readonly #isGated: boolean;
  #retention = "";
  #acksAll = false;

  constructor(seed: number) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
    this.#isGated = this.#chance(40);
  }

  program(length: number): Case {
    const steps: string[] = [];
    if (this.#chance(50)) steps.push("sub events $JS.EVENT.ADVISORY.>");
    steps.push(this.#stream("CREATE"));
    for (const name of ["A", "B"]) if (this.#chance(80)) steps.push(this.#consumer(name));
    while (steps.length < length) steps.push(...this.#step());
    steps.push('api STREAM.INFO.S {"subjects_filter":">","deleted_details":true}');
    for (const name of this.#consumers) steps.push(`api CONSUMER.INFO.S.${name}`);
    return { title: `random program, seed ${this.#seed}`, steps, ground: "plain" };
  }

  #step(): string[] {
    const kind = this.#draw(100);
    if (kind < 30) return [this.#publish()];
    if (kind < 46) return [this.#pull()];
    if (kind < 62) return this.#ack();
    if (kind < 70) return [this.#look()];
    if (kind < 76) return [this.#read()];
    if (kind < 82) return [this.#remove(), "wait 8"];
    if (kind < 87) return [this.#consumer(this.#pick("A", "B", "C"))];
    if (kind < 91) return [this.#stream("UPDATE"), "wait 8"];
    if (kind < 95) return [this.#manage(), "wait 8"];
    return [this.#odd()];
  }

  #publish(): string {
    const [subject, body] = [this.#pick(...subjects), this.#pick(...bodies)];
    if (this.#chance(60)) return `pub ${subject} ${body}`.trimEnd();
    const headers: Record<string, string> = {};
    const seq = String(this.#draw(12));
    const choices: readonly (readonly [string, string])[] = [
      ["Nats-Msg-Id", this.#pick("a", "b", "c")],
      ["Nats-Expected-Last-Sequence", seq],
      ["Nats-Expected-Last-Subject-Sequence", seq],
      ["Nats-Expected-Last-Msg-Id", this.#pick("a", "b")],
      ["Nats-Expected-Stream", this.#pick("S", "S", "T")],
      ["Nats-Rollup", this.#isGated ? "x" : this.#pick("sub", "all", "x")],
      ["Nats-TTL", this.#pick("1h", "never", "60", "x")],
      ["Nats-Incr", this.#pick("1", "-3", "x")],
      ["Nats-Batch-Id", this.#pick("b1", "b2")],
      ["X-Own", "value"],
    ];
    for (let i = 0; i <= this.#draw(2); i++) {
      const [name, value] = this.#pick(...choices);
      headers[name] = value;
      if (name !== "Nats-Batch-Id") continue;
      headers["Nats-Batch-Sequence"] = String(1 + this.#draw(3));
      if (this.#chance(40)) headers["Nats-Batch-Commit"] = this.#pick("1", "eob");
    }
    return `hpub ${subject} ${JSON.stringify(headers)} ${body}`.trimEnd();
  }

  #pull(): string {
    const request: Record<string, unknown> = { batch: 1 + this.#draw(4), no_wait: true };
    if (this.#chance(20)) request.max_bytes = 60 + this.#draw(200);
    if (this.#chance(10)) request.group = "A";
    if (this.#chance(5)) request.min_pending = this.#draw(5);
    return `pull S.${this.#name()} ${JSON.stringify(request)}`;
  }

  #ack(): string[] {
    const seq = 1 + this.#draw(14);
    const body = this.#pick("", "", "", "+ACK", "-NAK", "+TERM", "+TERM why", "+WPI", "+NXT 1");
    return [`ack S.${this.#name()} ${seq} ${body}`.trimEnd(), "wait 6"];
  }

  #look(): string {
    return this.#pick(
      "api STREAM.INFO.S",
      'api STREAM.INFO.S {"subjects_filter":"s.*"}',
      `api CONSUMER.INFO.S.${this.#name()}`,
      "api CONSUMER.NAMES.S",
      "api INFO",
    );
  }

  #read(): string {
    const selection = this.#pick<object>(
      { seq: 1 + this.#draw(14) },
      { last_by_subj: this.#pick(...subjects) },
      { next_by_subj: this.#pick("s.a", "s.*", "s.>"), seq: 1 + this.#draw(10) },
      { multi_last: [this.#pick("s.*", "s.>")] },
      { seq: 1, batch: 1 + this.#draw(9) },
    );
    const where = this.#pick("STREAM.MSG.GET.S", "DIRECT.GET.S", "DIRECT.GET.S");
    return `api ${where} ${JSON.stringify(selection)}`;
  }

  #remove(): string {
    if (this.#chance(60)) return `api STREAM.MSG.DELETE.S {"seq":${1 + this.#draw(14)}}`;
    const body: Record<string, unknown> = {};
    if (this.#chance(50)) body.filter = this.#pick("s.a", "s.*", "t");
    const how = this.#draw(4);
    // On files an end that was deleted leaves nats-server with a wrong beginning: differences.md.
    if (how < 2 && this.#isMemory) body.seq = 1 + this.#draw(12);
    if (how === 2) body.keep = this.#draw(4);
    return `api STREAM.PURGE.S ${JSON.stringify(body)}`;
  }

  #manage(): string {
    const name = this.#name();
    const choices = [
      `api CONSUMER.PAUSE.S.${name} {"pause_until":"<<in:3600000>>"}`,
      `api CONSUMER.PAUSE.S.${name}`,
      `api CONSUMER.DELETE.S.${this.#pick("B", "C")}`,
      `api CONSUMER.UNPIN.S.${name} {"group":"A"}`,
    ];
    // On files nats-server may read back what it was just writing: docs/differences.md.
    if (this.#isMemory) choices.push(`api CONSUMER.RESET.S.${name}`);
    if (this.#isMemory) choices.push(`api CONSUMER.RESET.S.${name} {"seq":${1 + this.#draw(9)}}`);
    return this.#pick(...choices);
  }

  /** A request with a value at its edge, or with one thing wrong. */
  #odd(): string {
    const edge = this.#pick(...integerEdges.filter((text) => Math.abs(Number(text)) < 2 ** 53));
    // What a stream of advisories catches names clients, whose numbers differ in length.
    const choices = subjectEdges.filter((text) => !text.startsWith("$JS.EVENT"));
    const subject = JSON.stringify(this.#pick(...choices));
    return this.#pick(
      `api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"max_msgs":${edge}}`,
      `api CONSUMER.CREATE.S.X {"stream_name":"S","config":{"name":"X","max_deliver":${edge}}}`,
      `api CONSUMER.CREATE.S.Y {"stream_name":"S","config":{"name":"Y",` +
        `"filter_subject":${subject}}}`,
      `api STREAM.CREATE.S2 {"name":"S2","subjects":[${subject},"s.q"]}`,
      "api STREAM.CREATE.S",
      'api STREAM.CREATE.S {"name":"S","foo":1}',
      `api STREAM.MSG.GET.S {"seq":${edge}}`,
    );
  }

  #stream(action: "CREATE" | "UPDATE"): string {
    const config: Record<string, unknown> = { name: "S", subjects: ["s.>"] };
    if (action === "CREATE") this.#isMemory = this.#chance(60);
    config.storage = this.#isMemory ? "memory" : "file";
    // What a change of it removes goes when nats-server comes to it.
    if (action === "CREATE" && this.#chance(25)) {
      this.#retention = this.#pick("interest", "workqueue");
    }
    if (this.#retention !== "") config.retention = this.#retention;
    const options: readonly (readonly [string, unknown])[] = [
      ["max_msgs", 3 + this.#draw(8)],
      ["max_msgs_per_subject", 1 + this.#draw(3)],
      ["max_bytes", 150 + this.#draw(400)],
      ["max_msg_size", 30],
      ["discard", this.#pick("old", "new")],
      ["discard_new_per_subject", true],
      ["allow_direct", true],
      ["allow_rollup_hdrs", true],
      ["allow_msg_ttl", true],
      ["allow_msg_counter", true],
      ["allow_atomic", true],
      ["deny_delete", true],
      ["deny_purge", true],
      ["no_ack", true],
      ["max_consumers", 2],
      ["subject_transform", { src: "s.*", dest: "t.{{wildcard(1)}}" }],
      ["consumer_limits", { max_ack_pending: 4 }],
      ["metadata", { a: "b" }],
      ["description", "x"],
      ["sealed", true],
    ];
    // Of several messages that go at once those of a consumer that acknowledges all before the
    // last are terminated or not as goroutines have it.
    const isUncertain = action === "UPDATE" && this.#acksAll;
    for (const [name, value] of options) {
      if (isUncertain && evicts.has(name)) continue;
      if (this.#isGated ? evicts.has(name) : name === "consumer_limits") continue;
      const percent = name === "sealed" || name === "no_ack" || name.includes("counter") ? 3 : 18;
      if (this.#chance(percent)) config[name] = value;
    }
    return `api STREAM.${action}.S ${JSON.stringify(config)}`;
  }

  #consumer(name: string): string {
    const hadFilter = this.#filtered.get(name) ?? this.#chance(40);
    this.#filtered.set(name, hadFilter);
    const config: Record<string, unknown> = { name, ack_policy: "explicit", durable_name: name };
    config.ack_wait = 60_000_000_000;
    const options: readonly (readonly [string, unknown])[] = [
      ["ack_policy", this.#pick("all", "none")],
      ["deliver_policy", this.#pick("all", "new", "last", "last_per_subject")],
      ["max_deliver", 1 + this.#draw(3)],
      ["max_ack_pending", 1 + this.#draw(4)],
      ["headers_only", true],
      ["max_batch", 2],
      ["sample_freq", "100"],
      ["mem_storage", true],
      ["description", name],
      ["inactive_threshold", 3_600_000_000_000],
      ["priority_policy", this.#pick("overflow", "prioritized")],
    ];
    // A consumer that loses its filter hears no more there: docs/differences.md.
    if (hadFilter && this.#chance(60)) config.filter_subject = this.#pick("s.a", "s.*", "t.a");
    else if (hadFilter)
      config.filter_subjects = this.#pick(["s.a", "s.b"], ["s.*"], ["s.a", "s.*"]);
    for (const [field, value] of options) {
      if (!this.#chance(15) || (field === "max_ack_pending" && !this.#isGated)) continue;
      config[field] = value;
      if (value === "all" && field === "ack_policy") this.#acksAll = true;
      if (field === "priority_policy") config.priority_groups = ["A"];
    }
    if (!this.#consumers.includes(name)) this.#consumers.push(name);
    const action = this.#chance(10) ? this.#pick("create", "update") : "";
    const body = { stream_name: "S", config, ...(action === "" ? {} : { action }) };
    return `api CONSUMER.CREATE.S.${name} ${JSON.stringify(body)}`;
  }

  #name(): string {
    return this.#pick("A", "A", "B", "C");
  }

  #pick<T>(...choices: readonly T[]): T {
    return this.#dice.pick(...choices);
  }

  #chance(percent: number): boolean {
    return this.#dice.chance(percent);
  }

  #draw(below: number): number {
    return this.#dice.draw(below);
  }
}
