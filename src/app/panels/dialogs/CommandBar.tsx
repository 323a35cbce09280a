/** Anything by name: actions, things on the canvas, faults, and any line for the terminal. */
import { type KeyboardEvent, useMemo, useState } from "react";
import { faultsFor } from "../../actions/faults.ts";
import { actions, keyWords } from "../../actions/registry.ts";
import { submit } from "../../actions/submit.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Mark } from "../../parts/Mark.tsx";
import { useView } from "../../store/view.ts";

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly mark: string;
  readonly hint: string;
  run(): void;
}

export function CommandBar() {
  const [text, setText] = useState("");
  const [place, setPlace] = useState(0);
  const entries = useMemo(allEntries, []);
  const found = matching(entries, text);
  const close = () => useView.getState().open(null);
  const take = (entry: Entry | undefined) => {
    close();
    entry?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setPlace(Math.min(found.length - 1, place + 1));
    else if (event.key === "ArrowUp") setPlace(Math.max(0, place - 1));
    else if (event.key === "Enter") take(found[place]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Command bar" onClose={close} className="commands">
      <input
        className="field"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="command-list"
        aria-activedescendant={found[place] === undefined ? undefined : `command-${place}`}
        placeholder="an action, a stream, a fault, or a command to run"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="command-list" role="listbox" aria-label="Commands" className="command-list scroll">
        {found.map((entry, index) => (
          <div
            key={entry.id}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === place}
            onPointerEnter={() => setPlace(index)}
            onClick={() => take(entry)}
            onKeyDown={onKeyDown}
          >
            <Mark name={entry.mark} />
            <span>{entry.name}</span>
            <kbd>{entry.hint}</kbd>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function allEntries(): readonly Entry[] {
  const view = useView.getState();
  const things = [
    ...view.servers.values(),
    ...view.streams.values(),
    ...view.consumers.values(),
    ...view.clients.values(),
  ];
  return [
    ...actions
      .filter((action) => action.id !== "commands")
      .map((action) => ({
        id: action.id,
        name: action.name,
        mark: action.mark,
        hint: keyWords(action),
        run: () => action.run(),
      })),
    ...things.map((thing) => ({
      id: thing.id,
      name: thing.id.replace(":", " "),
      mark: "now",
      hint: "inspect",
      run: () => view.select(thing.id),
    })),
    ...[...view.servers.values()].flatMap((server) =>
      faultsFor(server.name).map((fault) => ({
        id: fault.line,
        name: `${fault.name}: ${fault.line}`,
        mark: fault.mark,
        hint: "fault",
        run: () => void submit(fault.line),
      })),
    ),
  ];
}

/** Words in any order; what is no name is offered as a line for the terminal. */
function matching(entries: readonly Entry[], text: string): readonly Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => {
    const name = entry.name.toLowerCase();
    return words.every((word) => name.includes(word));
  });
  if (text.trim() === "") return found;
  const line = text.trim();
  const typed = {
    id: "typed",
    name: `Run: ${line}`,
    mark: "cmd",
    hint: "terminal",
    run: () => void submit(line),
  };
  return [...found, typed];
}
