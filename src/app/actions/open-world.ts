/** Another world in place of this one. */
import type { OpenRequest } from "../../worker/api.ts";
import { open } from "../engine.ts";
import { useView } from "../store/view.ts";
import { play, rememberSpeed } from "./transport.ts";

export async function openWorld(request: OpenRequest): Promise<void> {
  useView.getState().report(null);
  useView.getState().select(null);
  if (request.speed !== undefined) rememberSpeed(request.speed);
  await open(request);
  if (request.playing ?? request.text === undefined) await play();
}
