/** `jobs`, `fg`, `wait`, `kill`: what runs in the background. */
import type { SignalName } from "../../../world/index.ts";
import { writeFd } from "../descriptors.ts";
import { CommandError, type Shell, unwindInterrupted } from "../shell.ts";
import type { Job } from "../state.ts";
import { type Call, print, refuse } from "./call.ts";

const signals: readonly SignalName[] = ["HUP", "INT", "QUIT", "KILL", "PIPE", "TERM"];
const signalNumbers: Readonly<Record<string, SignalName>> = {
  "1": "HUP",
  "2": "INT",
  "3": "QUIT",
  "9": "KILL",
  "13": "PIPE",
  "15": "TERM",
};

export async function jobs(call: Call): Promise<number> {
  const { shell } = call;
  const pidsOnly = call.args.includes("-p");
  for (const job of [...shell.state.jobs]) {
    const status = await exitStatus(shell, job.pid);
    await print(call, pidsOnly ? `${job.pid}\n` : jobLine(shell, job, status));
    if (status !== null) forget(shell, job);
  }
  return 0;
}

/** Waits for one job, several, or all; the status is that of the last one named. */
export async function wait(call: Call): Promise<number> {
  const { shell } = call;
  if (call.args.length === 0) {
    for (const job of [...shell.state.jobs]) {
      await waitFor(shell, job.pid);
      forget(shell, job);
    }
    return shell.interrupted ? 130 : 0;
  }
  let status = 0;
  for (const target of call.args) {
    const { pid, job } = findTarget(call, target);
    status = (await waitFor(shell, pid)) ?? (await refuse(call, `pid ${pid} is not a child`, 127));
    if (job !== null) forget(shell, job);
  }
  return status;
}

/** Brings a job to the front: Ctrl-C now reaches it. */
export async function foreground(call: Call): Promise<number> {
  const { shell } = call;
  const job =
    call.args[0] === undefined ? shell.state.jobs.at(-1) : findTarget(call, call.args[0]).job;
  if (job === undefined || job === null)
    return refuse(call, `${call.args[0] ?? "current"}: no such job`);
  await print(call, `${job.text}\n`);
  await shell.context.request({ what: "foreground", pid: job.pid });
  const status = await waitFor(shell, job.pid, false);
  forget(shell, job);
  return status ?? 127;
}

export async function kill(call: Call): Promise<number> {
  const [first = "", ...others] = call.args;
  if (first === "-l") {
    await print(call, `${signals.join(" ")}\n`);
    return 0;
  }
  const named = first.startsWith("-") && first !== "--";
  const asked = first === "-s" ? (others[0] ?? "") : first.slice(1);
  const targets = first === "-s" ? others.slice(1) : named ? others : call.args;
  const signal = named ? signalOf(asked) : "TERM";
  if (signal === null) return refuse(call, `${asked}: no such signal`);
  if (targets.length === 0) return refuse(call, "usage: kill [-SIGNAL] PID|%JOB...", 2);
  let status = 0;
  for (const target of targets) {
    const { pid, job } = findTarget(call, target);
    const delivered = await sendSignal(call.shell, job === null ? pid : -pid, signal);
    if (!delivered) status = await refuse(call, `(${target}) - No such process`);
  }
  return status;
}

/** Tells, once each, which background jobs have ended since the last line. */
export async function announceJobs(shell: Shell): Promise<void> {
  for (const job of [...shell.state.jobs]) {
    const status = await exitStatus(shell, job.pid);
    if (status === null) continue;
    await writeFd(shell, shell.fds, 2, jobLine(shell, job, status));
    forget(shell, job);
  }
}

function jobLine(shell: Shell, job: Job, status: number | null): string {
  const last = shell.state.jobs.at(-1);
  const mark = job === last ? "+" : job === shell.state.jobs.at(-2) ? "-" : " ";
  const text = status === null ? `${job.text} &` : job.text;
  return `[${job.id}]${mark}  ${statusText(status).padEnd(24)}${text}\n`;
}

/** As bash words it. */
function statusText(status: number | null): string {
  switch (status) {
    case null:
      return "Running";
    case 0:
      return "Done";
    case 130:
      return "Interrupt";
    case 137:
      return "Killed";
    case 143:
      return "Terminated";
    default:
      return `Exit ${status}`;
  }
}

function findTarget(call: Call, target: string): { pid: number; job: Job | null } {
  const { jobs: all } = call.shell.state;
  if (target.startsWith("%")) {
    const job = /^%[%+]?$/.test(target)
      ? all.at(-1)
      : all.find(({ id, text }) => `%${id}` === target || text.startsWith(target.slice(1)));
    if (job === undefined) throw new CommandError(`${call.name}: ${target}: no such job`, 127);
    return { pid: job.pid, job };
  }
  if (!/^\d+$/.test(target)) {
    throw new CommandError(`${call.name}: ${target}: arguments must be process or job IDs`);
  }
  const pid = Number(target);
  return { pid, job: all.find((job) => job.pid === pid) ?? null };
}

function forget(shell: Shell, job: Job): void {
  const index = shell.state.jobs.indexOf(job);
  if (index !== -1) shell.state.jobs.splice(index, 1);
}

/** Its exit status; null for a process that nobody knows. */
async function waitFor(shell: Shell, pid: number, interruptible = true): Promise<number | null> {
  const waited = shell.context.request({ what: "wait", pid }).then(
    (value) => (typeof value === "number" ? value : null),
    () => null,
  );
  const status = await (interruptible ? Promise.race([waited, shell.interrupt]) : waited);
  if (shell.interrupted) unwindInterrupted(shell, status ?? 130);
  return shell.interrupted ? (status ?? 130) : status;
}

async function exitStatus(shell: Shell, pid: number): Promise<number | null> {
  try {
    const value = await shell.context.request({ what: "exit-status", pid });
    return typeof value === "number" ? value : null;
  } catch {
    return 0; // Nobody knows the process any more: it is not running.
  }
}

async function sendSignal(shell: Shell, pid: number, signal: SignalName): Promise<boolean> {
  return shell.context.request({ what: "kill", pid, signal }).then(
    () => true,
    () => false,
  );
}

function signalOf(text: string): SignalName | null {
  const bare = text.toUpperCase().replace(/^SIG/, "");
  return signals.find((name) => name === bare) ?? signalNumbers[bare] ?? null;
}
