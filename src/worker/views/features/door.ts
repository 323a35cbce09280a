/** The views of features come with the first world that needs them. */

type Views = typeof import("./view.ts");

let views: Views | null = null;
let coming: Promise<Views> | null = null;

/** Null until they have come. */
export function featuresNow(): Views | null {
  return views;
}

/** Fetches them, once. */
export async function whenFeaturesAreHere(): Promise<Views> {
  coming ??= import("./view.ts");
  views = await coming;
  return views;
}
