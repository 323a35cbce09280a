import { type Action, actions, keyWords } from "../../actions/registry.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { useView, type View } from "../../store/view.ts";

const groups: readonly { readonly id: Action["group"]; readonly name: string }[] = [
  { id: "time", name: "Time" },
  { id: "world", name: "World" },
  { id: "look", name: "Page" },
  { id: "share", name: "Share" },
];
const selectLetters = (view: View) => view.letters;

export function KeysDialog() {
  const letters = useView(selectLetters);
  return (
    <Dialog title="Keys" onClose={() => useView.getState().open(null)} className="keys">
      <div className="keys-grid">
        {groups.map((group) => (
          <section key={group.id}>
            <h2>{group.name}</h2>
            <dl>
              {actions
                .filter((action) => action.group === group.id)
                .map((action) => (
                  <div key={action.id}>
                    <dt>{action.name}</dt>
                    <dd>
                      <kbd>{keyWords(action)}</kbd>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="mut">
        In the terminal: Ctrl Space stops and starts time, Ctrl K opens the command bar, Ctrl R
        searches history, Tab completes, Shift Tab leaves. On the canvas: Tab walks from thing to
        thing, Enter inspects, Shift F10 opens faults. On the timeline: arrows move by 100 ms, with
        Shift by 1 s.
      </p>
      <label className="letters">
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => useView.getState().choose({ letters: event.target.checked })}
        />
        Single letters work as keys
      </label>
    </Dialog>
  );
}
