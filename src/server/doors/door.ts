/**
 * Doors to code that a page brings when it is first needed. The world cannot wait for code: whoever
 * drives the world looks ahead and brings it. What is behind a door is not world state.
 */
import { assert } from "../../kernel/index.ts";

export interface Door<Parts> {
  /** Hands over the code, once a realm. */
  readonly provide: (loaded: Parts) => void;
  /** True from `provide` on. */
  readonly isOpen: () => boolean;
  /** For whoever knows that it is needed; a bug when nobody has brought it. */
  readonly parts: () => Parts;
}

/** `need` says in whose name it is asked for. */
export function createDoor<Parts>(need: string): Door<Parts> {
  let parts: Parts | null = null;
  return {
    provide: (loaded) => {
      parts = loaded;
    },
    isOpen: () => parts !== null,
    parts: () => {
      assert(parts !== null, `${need}, and the code for that is not here`);
      return parts;
    },
  };
}
