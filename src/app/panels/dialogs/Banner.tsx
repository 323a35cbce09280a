/** When something of ours went wrong: time stands still, and the page says what it knows. */
import { restart } from "../../engine.ts";
import { Button, IconButton } from "../../parts/Button.tsx";
import { clockText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { selectTrouble, type Trouble } from "../../store/session.ts";
import { useView } from "../../store/view.ts";
import { saveText } from "../left/ScenarioText.tsx";

export function Banner() {
  const trouble = useView(selectTrouble);
  if (trouble === null) return null;
  return (
    <div className="banner" role="alert" data-kind={trouble.kind}>
      <Mark name={trouble.kind === "notice" ? "now" : "broken"} />
      <p>{words(trouble)}</p>
      <span className="grow" />
      <Remedy trouble={trouble} />
      <IconButton name="Dismiss" mark="close" onClick={() => useView.getState().report(null)} />
    </div>
  );
}

function words(trouble: Trouble): string {
  switch (trouble.kind) {
    case "rule":
      return `The model broke a rule it must keep: ${trouble.fault.message}, at ${clockText(trouble.fault.at)} with seed ${trouble.fault.seed}. Time is stopped.`;
    case "crash":
      return `The engine stopped: ${trouble.message}. Everything you put in is kept.`;
    case "notice":
      return trouble.message;
  }
}

function Remedy({ trouble }: { trouble: Trouble }) {
  if (trouble.kind === "rule") {
    const { fault } = trouble;
    const report = `# ${fault.message}\n# at ${fault.at} ns, seed ${fault.seed}\n${fault.journal}`;
    return (
      <Button look="line" onClick={() => saveText(report, "report.wt")}>
        Save a report
      </Button>
    );
  }
  if (trouble.kind === "crash") {
    return (
      <Button look="line" onClick={() => void restart(trouble.journal)}>
        Restart and replay
      </Button>
    );
  }
  return null;
}
