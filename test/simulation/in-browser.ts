/** What is compared between Node and Chromium: the same code on both sides. */
import { installRealm } from "../../src/clients/index.ts";
import {
  byteLogAppend,
  createByteLog,
  createKernel,
  createLog,
  createNumberLog,
  createSeqSet,
  createTable,
  drawBelow,
  drawU32,
  logPush,
  numberLogPush,
  type SimEvent,
  schedule,
  seqSetAdd,
  stateHash,
  tableSet,
  takeEvent,
  virtualNanos,
} from "../../src/kernel/index.ts";
import { library, runScenario } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";
import { eventTrail } from "./trail.ts";

/** A kernel and every container after a while of pseudo-random use. */
export function kernelHash(): string {
  const kernel = createKernel<SimEvent & { n: number }>(20_261_121);
  const { random } = kernel;
  const table = createTable<string, number>();
  const log = createLog<{ n: number; half: number }>();
  const numbers = createNumberLog("f64");
  const bytes = createByteLog();
  const set = createSeqSet();
  for (let n = 0; n < 50; n++) {
    schedule(kernel, virtualNanos(drawBelow(random, "at", 1e9)), { kind: "x", host: null, n });
  }
  for (let i = 0; i < 20_000; i++) {
    const event = takeEvent(kernel);
    if (event === null) break;
    const draw = drawU32(random, `stream ${event.n % 5}`);
    tableSet(table, `käse ${draw % 5_000}`, draw / 7);
    logPush(log, { n: event.n, half: draw / 2 });
    numberLogPush(numbers, Math.sqrt(draw));
    byteLogAppend(bytes, new TextEncoder().encode(`message ${draw} €`));
    seqSetAdd(set, draw % 30_000);
    schedule(kernel, virtualNanos(kernel.now + 1 + (draw % 1e6)), event);
  }
  return stateHash({ kernel, table, log, numbers, bytes, set });
}

/** Where each scenario of the library ends: id, events and hash. */
export async function libraryHashes(): Promise<string[]> {
  const realm = installRealm({ strict: false });
  const ends: string[] = [];
  for (const { id, text } of library) {
    const { events, state_hash } = await runScenario(text, { programs, realm, file: id });
    ends.push(`${id} ${events} ${state_hash}`);
  }
  realm.uninstall();
  return ends;
}

/** Every event of one scenario. */
export async function libraryTrail(id: string): Promise<string[]> {
  const realm = installRealm({ strict: false });
  const text = library.find((one) => one.id === id)?.text ?? "";
  const trail = await eventTrail(text, { programs, realm });
  realm.uninstall();
  return trail;
}

Object.assign(globalThis, { kernelHash, libraryHashes, libraryTrail });
