/** Which page this is: the first sixty seconds, an embed, or the sandbox; and its dialogs. */
import { lazy, Suspense } from "react";
import type { EmbedPart } from "./address.ts";
import { EmbedPage } from "./EmbedPage.tsx";
import { Banner } from "./panels/dialogs/Banner.tsx";
import { FaultMenu } from "./panels/dialogs/FaultMenu.tsx";
import { Landing } from "./panels/landing/Landing.tsx";
import { Sandbox } from "./Sandbox.tsx";
import { selectBeat } from "./store/landing.ts";
import type { Dialog } from "./store/page.ts";
import { selectDialog } from "./store/select-page.ts";
import { useView } from "./store/view.ts";

const Dialogs = lazy(() => import("./Dialogs.tsx").then((m) => ({ default: m.Dialogs })));

export function App({ embed }: { embed: readonly EmbedPart[] | null }) {
  const beat = useView(selectBeat);
  const dialog: Dialog | null = useView(selectDialog);
  return (
    <>
      {embed !== null ? <EmbedPage parts={embed} /> : beat !== null ? <Landing /> : <Sandbox />}
      <Banner />
      <FaultMenu />
      {/* The rail opens its list of branches itself. */}
      {dialog === null || dialog === "branches" ? null : (
        <Suspense fallback={null}>
          <Dialogs dialog={dialog} />
        </Suspense>
      )}
    </>
  );
}
