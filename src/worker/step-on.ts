/** Steps from one moment that is worth a look to the next. */
import type { Session } from "../scenario/index.ts";
import type { FrameBuilder } from "./frame-builder.ts";

/** A storm of refusals is many notable events that say nothing new; it is not walked for ever. */
const stepsMost = 400;

type StepUnit = Parameters<Session["step"]>[0];

/** One step; a notable one goes on until something new is told of it. */
export async function stepOn(
  session: Session,
  builder: FrameBuilder,
  unit: StepUnit,
): Promise<void> {
  const from = session.stepsTaken;
  for (let steps = 0; steps < stepsMost; steps += 1) {
    const before = session.stepsTaken;
    await session.step(unit);
    builder.absorb(session.world, session.trace);
    const stands = session.stepsTaken === before;
    if (unit !== "notable" || stands || builder.history.tellsOf(from, session.stepsTaken)) return;
  }
}
