/** Plays a transcript: commands to a group of members, and what the members then want done. */
import { strict as assert } from "node:assert";
import { index, logEach, logPush, millis, seconds, term } from "../../../src/kernel/index.ts";
import type { RaftEffect } from "../../../src/raft/index.ts";
import { describeEffect } from "./describe.ts";
import { heal, isolate, kill, powerOff, setCut } from "./faults.ts";
import { boot, createGroup, type Group, memberOf, propose, runFor, sync, tell } from "./group.ts";

interface Scene {
  group: Group;
  readonly lines: string[];
}

type Command = (scene: Scene, words: readonly string[]) => void;

/** The text again, each command followed by the trace that it gives now. */
export function play(text: string): string {
  const scene: Scene = { group: createGroup({ seed: 1, size: 3 }), lines: [] };
  const played: string[] = [];
  for (const block of text.trimEnd().split("\n\n")) {
    const comments = block.split("\n").filter((line) => line.startsWith("#"));
    const command = block.split("\n").find((line) => !line.startsWith("#"));
    scene.lines.length = 0;
    if (command !== undefined) act(scene, command);
    const trace = scene.lines.length === 0 ? [] : ["----", ...scene.lines];
    played.push([...comments, ...(command === undefined ? [] : [command]), ...trace].join("\n"));
  }
  return `${played.join("\n\n")}\n`;
}

function act(scene: Scene, line: string): void {
  const [name = "", ...words] = line.split(" ");
  const command = commands[name];
  assert(command !== undefined, `no command: ${line}`);
  command(scene, words);
  assert.equal(scene.group.violation, null, line);
}

const commands: Readonly<Record<string, Command>> = {
  /** `group 5 latency 20ms` */
  group(scene, [size, , latency = "1ms"]) {
    const delay = duration(latency);
    const watch = (id: string, effect: RaftEffect): void => {
      const ms = (scene.group.kernel.now / millis(1)).toFixed(3).padStart(10);
      scene.lines.push(`${ms} ${id} ${describeEffect(effect)}`);
    };
    scene.group = createGroup({ seed: 1, size: Number(size), latency: [delay, delay], watch });
  },
  /** `log n1 1 1 2`: three entries by their terms, before the member is started. */
  log({ group }, [id = "", ...terms]) {
    const { stable, wal } = memberOf(group, id).durable;
    terms.forEach((text, i) => {
      const proposals = [{ kind: "normal", data: `entry ${i + 1}` }] as const;
      logPush(wal.log, { term: term(Number(text)), commit: index(0), proposals, bytes: 10 });
    });
    stable.term = term(Number(terms.at(-1)));
    sync(group, id);
  },
  start({ group }, ids) {
    for (const id of ids.length > 0 ? ids : [...group.members.keys()]) boot(group, id);
  },
  /** Starts members whose data was on a disk that they have lost. */
  recover({ group }, ids) {
    for (const id of ids) boot(group, id, { recovering: true });
  },
  prefer({ group }, [id = ""]) {
    tell(group, id, { kind: "campaign", preferred: true });
  },
  campaign({ group }, [id = ""]) {
    tell(group, id, { kind: "election-timeout" });
  },
  propose(scene, [id = "", ...data]) {
    if (!propose(scene.group, id, data.join(" "))) scene.lines.push("refused");
  },
  "step-down"({ group }, [id = "", to]) {
    tell(group, id, { kind: "step-down", to: to ?? null });
  },
  snapshot({ group }, [id = ""]) {
    const { applied, digest } = memberOf(group, id);
    tell(group, id, { kind: "snapshot", index: applied, data: digest, bytes: 32 });
  },
  run({ group }, [time = ""]) {
    runFor(group, duration(time));
  },
  sync({ group }, [id = ""]) {
    sync(group, id);
  },
  kill({ group }, [id = ""]) {
    kill(group, id);
  },
  "power-off"({ group }, [id = ""]) {
    powerOff(group, id);
  },
  /** `cut n1`, or one way: `cut n1>n2` */
  cut({ group }, [what = ""]) {
    const [from = "", to] = what.split(">");
    if (to === undefined) isolate(group, from);
    else setCut(group, from, to, true);
  },
  heal({ group }) {
    heal(group);
  },
  /** The term of each entry, the snapshot in brackets. */
  logs({ group, lines }) {
    for (const { id, core, durable } of group.members.values()) {
      const terms: number[] = [];
      logEach(durable.wal.log, (entry) => terms.push(entry.term));
      const { snapshot } = durable.stable;
      const head = snapshot === null ? "" : `(${snapshot.lastTerm}:${snapshot.lastIndex}) `;
      const who = core === null ? "down" : core.role;
      const state = core === null ? "" : ` commit ${core.commit} applied ${core.applied}`;
      lines.push(`${id} ${who} term ${durable.stable.term}${state} | ${head}${terms.join(" ")}`);
    }
  },
};

function duration(text: string): number {
  const [, amount, unit] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  assert(amount !== undefined, `a duration like 20ms or 3s: ${text}`);
  return unit === "ms" ? millis(Number(amount)) : seconds(Number(amount));
}
