/** The text to compare for one recorded step, what changes from run to run taken out. */
export function comparable(step: object, session?: object): string;
export function normalise(text: string): string;
