/** What simulation tests stand on: this realm, and every program of the shell. */
import { installRealm } from "../../src/clients/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session, type SessionGround } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";

/** One realm a test file: what it patches is put back by `uninstall`. */
export const realm = installRealm({ strict: false });

export const ground: SessionGround = { programs, realm };

/** A session over the text of a scenario file, at 0s. */
export function openText(text: string, more: Partial<SessionGround> = {}): Promise<Session> {
  return Session.open(parseScenario(text), { ...ground, ...more });
}

/** A small generator for choosing moments: tests name its seed in their titles. */
export function chooser(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
