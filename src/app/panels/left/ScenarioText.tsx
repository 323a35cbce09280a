/** The journal as the scenario file it is. */
import { runAction } from "../../actions/registry.ts";
import { Button } from "../../parts/Button.tsx";
import { useView, type View } from "../../store/view.ts";

const selectJournal = (view: View) => view.journal;

export function ScenarioText() {
  const journal = useView(selectJournal);
  const lines = journal.split("\n");
  return (
    <>
      <p className="mut scenario-lead">
        Everything that was put in, and when. This text is the link, the file, the replay.
      </p>
      <pre className="scenario scroll">
        {lines.map((line, index) => {
          const match = /^(\S+)(\s+)(.*)$/.exec(line);
          const key = index;
          return match === null ? (
            <span key={key}>
              {line}
              {"\n"}
            </span>
          ) : (
            <span key={key}>
              <span className="mut">{match[1]}</span>
              {match[2]}
              {match[3]}
              {"\n"}
            </span>
          );
        })}
      </pre>
      <div className="foot-acts">
        <Button look="line" onClick={() => void navigator.clipboard.writeText(journal)}>
          Copy
        </Button>
        <Button onClick={() => saveText(journal, "tunnel.wt")}>Save file</Button>
        <Button onClick={() => runAction("shelf")}>Open another</Button>
      </div>
    </>
  );
}

export function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
