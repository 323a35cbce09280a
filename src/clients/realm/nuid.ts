/**
 * `nuid` is the one object that all users of nats.js share and change. Its ids are delegated to an
 * instance that each process has of its own: else what one process does would show in another's.
 */
import { Nuid, nuid } from "@nats-io/nats-core/internal";
import { currentProcess, ownInstance } from "./current.ts";

/** Delegates to the current process's instance; answers what undoes it. */
export function delegateNuid(): () => void {
  const next = nuid.next.bind(nuid);
  const reset = nuid.reset.bind(nuid);
  nuid.next = () => own()?.next() ?? next();
  nuid.reset = () => {
    const instance = own();
    if (instance === null) reset();
    else instance.reset();
  };
  return () => {
    nuid.next = next;
    nuid.reset = reset;
  };
}

function own(): InstanceType<typeof Nuid> | null {
  const process = currentProcess();
  return process === null ? null : ownInstance(process, "nuid", () => new Nuid());
}
