/** Another world in place of this one. */
import type { OpenReply, OpenRequest } from "../../worker/api.ts";
import { open } from "../engine.ts";
import { useView } from "../store/view.ts";
import { rememberSpeed } from "./transport.ts";

export async function openWorld(request: OpenRequest): Promise<OpenReply> {
  useView.getState().report(null);
  useView.getState().select(null);
  const playing = request.playing ?? request.text === undefined;
  rememberSpeed(request.speed ?? 1);
  return open({ ...request, playing });
}
