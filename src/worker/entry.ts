/** The worker's entry: the realm is the world's before anything else runs in it. */
import { expose } from "comlink";
import { installRealm } from "../clients/index.ts";
import { loadNatsProgram } from "../shell/index.ts";
import type { FrameTaken, Notice } from "./api.ts";
import { Desk } from "./desk.ts";

const realm = installRealm({ strict: true });
const scope = self as unknown as DedicatedWorkerGlobalScope;
const desk = new Desk(realm, (notice: Notice, transfer: Transferable[] = []) => {
  scope.postMessage(notice, transfer);
});

scope.addEventListener("message", (event: MessageEvent<Connect | FrameTaken>) => {
  if (event.data.kind === "taken") desk.taken();
  else expose(desk, event.data.port);
});
scope.postMessage({ kind: "ready" } satisfies Notice);
// What a first command would wait for comes ahead of it, when the page has long been painted.
realm.original.setTimeout(() => void loadNatsProgram(), 3_000);

interface Connect {
  readonly kind: "connect";
  readonly port: MessagePort;
}
