import { runAction, toggleTheme } from "../../actions/registry.ts";
import { Button, IconButton } from "../../parts/Button.tsx";
import { Mark } from "../../parts/Mark.tsx";
import { useMedia } from "../../parts/useMedia.ts";
import { selectLesson } from "../../store/lesson.ts";
import { selectTheme } from "../../store/select-page.ts";
import { selectScenario, selectTitle } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { Ledger } from "./Ledger.tsx";

export function Header({ narrow }: { narrow: boolean }) {
  const title = useView(selectTitle);
  const scenario = useView(selectScenario);
  const lesson = useView(selectLesson);
  const kind =
    lesson !== null ? `Lesson ${lesson.number}` : scenario === null ? "Tunnel" : "Scenario";
  return (
    <header className="head">
      <div className="brand">
        <Mark name="brand" />
        {narrow ? <h1 className="vh">Windtunnel</h1> : "Windtunnel"}
      </div>
      <button
        type="button"
        className="crumb"
        onClick={() => runAction("shelf")}
        aria-haspopup="dialog"
      >
        {narrow ? null : <span className="mut">{kind}</span>}
        <span className="crumb-title">{title || "Blank tunnel"}</span>
        <Mark name="down" />
      </button>
      <span className="grow" />
      {narrow ? null : <Ledger />}
      <div className="acts">
        <Button onClick={() => runAction("share")}>Share</Button>
        {narrow ? null : (
          <IconButton
            name="Keys"
            mark="help"
            hint="Keys  ?"
            data-tip-below
            onClick={() => runAction("keys")}
          />
        )}
        <ThemeButton />
      </div>
    </header>
  );
}

export function ThemeButton() {
  const theme = useView(selectTheme);
  const systemLight = useMedia("(prefers-color-scheme: light)");
  const light = theme === null ? systemLight : theme === "light";
  return (
    <IconButton
      name={light ? "Dark theme" : "Light theme"}
      mark={light ? "sun" : "moon"}
      data-tip-below
      onClick={toggleTheme}
    />
  );
}
