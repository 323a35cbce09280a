/**
 * Version of the engine's behaviour: raised on purpose when the same journal no longer leads to the
 * same state. `test/simulation/behaviour.test.ts` notices; a share link carries the number.
 */
export const behaviour = 1;
