/** The one line to follow, and the sentence under it. */
import { Button } from "../../parts/Button.tsx";
import { type Beat, type Guess, selectBeat, selectGuess } from "../../store/landing.ts";
import { useView, type View } from "../../store/view.ts";
import { takeGuess } from "./useBeats.ts";

/** The order whose ack is in the air, or was taken off it. */
const selectOrder = (view: View): number => {
  for (const flight of view.flights.values()) {
    if (flight.kind === "ack" && flight.seq > 0) return flight.seq;
  }
  for (const consumer of view.consumers.values()) {
    const seat = consumer.seats[0];
    if (seat !== undefined) return seat.seq;
  }
  return 1;
};

export function Say() {
  const beat = useView(selectBeat);
  const order = useView(selectOrder);
  const guess = useView(selectGuess);
  if (beat === null) return null;
  const [title, text] = words(beat, order, guess);
  return (
    <div className="say" aria-live="polite">
      <h1>{title}</h1>
      {text === "" ? null : <p>{text}</p>}
      {beat === "guess" ? <Predict order={order} /> : null}
    </div>
  );
}

function words(beat: Beat, order: number, guess: Guess | null): readonly [string, string] {
  switch (beat) {
    case "stop":
      return [
        touches() ? "Tap to stop time." : "Press space to stop time.",
        "Orders fly to a stream, a consumer hands them to worker A. All of it runs inside this page.",
      ];
    case "lose":
      return [
        "Drag the ack off the wire.",
        `Time is stopped. Worker A has finished order ${order} and is telling the server so.`,
      ];
    case "guess":
      return [`What happens to message ${order}?`, ""];
    case "run":
      return [
        "The ring drains.",
        `The server waits for an ack of ${order} until AckWait ends. Silence and failure look the same to it.`,
      ];
    case "write":
      return [
        guess === "done" ? "It came again." : "You were right: it came again.",
        "That was at-least-once. The server repeats until it hears. Now send one yourself: press Enter.",
      ];
    case "doors":
      return ["Your message is on the tape.", "It is all yours now. Where to?"];
  }
}

/** A hand on a screen has no space bar. */
function touches(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}

function Predict({ order }: { order: number }) {
  return (
    <fieldset className="predict">
      <legend className="vh">Predict</legend>
      <Button look="line" mark="predict" onClick={() => takeGuess("again")}>
        {order} is delivered again
      </Button>
      <Button look="line" mark="predict" onClick={() => takeGuess("done")}>
        Nothing, the work is done
      </Button>
    </fieldset>
  );
}
