// @ts-check
/**
 * Drives the tunnel beside the prose. Whatever the reader does, here or in the tunnel itself, the
 * page looks at the tunnel's state and says what it sees: no step depends on which button was used.
 */
import { connectTunnel } from "../embed.js";

const frame = /** @type {HTMLIFrameElement} */ (document.querySelector("iframe"));
const status = /** @type {HTMLElement} */ (document.querySelector(".state"));
// Where room is short, the picture alone. From another origin, the address needs `origin=` as well.
const parts = matchMedia("(max-width: 899px)").matches ? "canvas,timeline" : "canvas,timeline,terminal";
frame.src = `../?embed=${parts}&scenario=blank&seed=7`;
const tunnel = connectTunnel(frame);

/** Where time stood before the fault, and before the reader went back. */
const moments = { lost: -1, left: -1, again: -1 };
/** Number of the message that came again. */
let again = 0;

for (const block of document.querySelectorAll("pre.try")) prepare(/** @type {HTMLElement} */ (block));
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => run(acts[button.dataset.act] ?? (async () => {})));
}

tunnel.ready.then(
  () => say("Running. Type here or there: it is one and the same."),
  (error) => say(error.message),
);
tunnel.on("journal", look);
tunnel.on("trace", (line) => {
  if (line.kind === "redeliver") {
    moments.again = line.at;
    again = Number(/\(message:[^)]*\/(\d+)\)/.exec(line.text)?.[1] ?? again);
  }
  look();
});
tunnel.on("crash", () => say("The tunnel has stopped. Reload the page to begin again."));

/** What the buttons do. */
const acts = {
  slow: () => tunnel.play(0.25),
  pause: () => tunnel.pause(),
  step: () => tunnel.step("interesting"),
  rewind: async () => {
    moments.left = Number((await tunnel.state()).now);
    await tunnel.seek(moments.lost);
    show("rewound", { at: seconds(moments.lost) });
  },
  now: async () => {
    await tunnel.seek(moments.left);
    show("rewound", { at: seconds(moments.left) });
  },
};

/** Turns a block into its line with a button. */
function prepare(block) {
  const line = block.dataset.line ?? block.dataset.exec ?? "";
  const code = document.createElement("code");
  // A line breaks between words, not inside of a flag.
  for (const word of line.split(/(?<= )/)) {
    const span = document.createElement("span");
    span.textContent = word;
    code.append(span);
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try it";
  button.setAttribute("aria-label", `Try it: ${line}`);
  button.addEventListener("click", () =>
    run(async () => {
      if (block.dataset.exec === undefined) await inTurn(() => type(block, line));
      else await ask(block, line);
      block.dataset.done = "";
    }),
  );
  block.append(code, button);
}

/** Types a line at the tunnel's own terminal; time runs, so that it comes to something. */
async function type(block, line) {
  await tunnel.play(1);
  await untilFree();
  if (block.dataset.mark === "lost") moments.lost = Number((await tunnel.state()).now);
  await tunnel.input(line);
}

let lastTyped = Promise.resolve();

/** One line after the other, in the order of the presses. */
function inTurn(act) {
  const mine = lastTyped.then(act);
  lastTyped = mine.catch(() => undefined);
  return mine;
}

/** What is typed while a command runs is that command's input: a line waits for a while. */
async function untilFree() {
  for (let looks = 0; looks < 60; looks += 1) {
    const { terminals } = await tunnel.state();
    if (terminals.t1?.commands.at(-1)?.exit !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asks without typing: the answer is for this page. */
async function ask(block, line) {
  await tunnel.play(1);
  const { stdout, stderr } = await tunnel.exec(line);
  const answer = /** @type {HTMLElement} */ (block.nextElementSibling);
  answer.hidden = false;
  answer.textContent = `${stdout}${stderr}`.trim();
}

async function run(act) {
  try {
    await act();
    await look();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

let looking = false;
let lookAgain = false;

/** Reads the state and says what has come true; one look at a time. */
async function look() {
  lookAgain = true;
  if (looking) return;
  looking = true;
  while (lookAgain) {
    lookAgain = false;
    tell(await tunnel.state());
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  looking = false;
}

function tell(state) {
  const stream = state.streams?.ORDERS?.state;
  const worker = state.actors?.A;
  if (stream !== undefined) show("stream", {});
  if (stream?.messages > 0) show("published", { messages: stream.messages, last: stream.last_seq });
  if (worker?.processed > 0) show("worked", { processed: worker.processed, unique: worker.unique });
  if (worker?.redelivered > 0 && moments.again >= 0) {
    show("again", { again, againAt: seconds(moments.again) });
  }
  for (const [act, moment] of [
    ["rewind", moments.lost],
    ["now", moments.left],
  ]) {
    const button = /** @type {HTMLButtonElement} */ (document.querySelector(`[data-act=${act}]`));
    button.disabled = moment < 0;
  }
}

/** Shows a sentence with its values. */
function show(name, values) {
  const sentence = document.querySelector(`[data-when=${name}]`);
  sentence?.setAttribute("data-true", "");
  for (const [key, value] of Object.entries(values)) {
    const place = sentence?.querySelector(`[data-value=${key}]`);
    if (place !== null && place !== undefined) place.textContent = String(value);
  }
}

function say(words) {
  status.textContent = words;
}

function seconds(nanos) {
  return `${(nanos / 1e9).toFixed(2)} s`;
}
