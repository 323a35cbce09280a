/** Where this line of history stands, and the list of all of them: the old future stays. */
import { type FormEvent, type KeyboardEvent, useCallback, useRef, useState } from "react";
import type { BranchView } from "../../../worker/frames.ts";
import { runAction } from "../../actions/registry.ts";
import { engine } from "../../engine.ts";
import { Button, IconButton } from "../../parts/Button.tsx";
import { shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Popover } from "../../parts/Popover.tsx";
import {
  selectBranch,
  selectBranchCount,
  selectBranches,
  selectBranchName,
  selectRedo,
  selectUndo,
} from "../../store/select-branch.ts";
import { selectDialog } from "../../store/select-page.ts";
import { useView } from "../../store/view.ts";

export function Branches() {
  const count = useView(selectBranchCount);
  return (
    <div className="branches">
      <div className="row">
        <BranchButton />
        <span className="mut">{count === 1 ? "1 branch" : `${count} branches`}</span>
        <span className="grow" />
        <UndoButtons />
      </div>
      <div className="mut rail-hint">
        {count === 1 ? (
          "Act in the past and a new branch opens."
        ) : (
          <>
            <button type="button" className="link" onClick={() => runAction("compare")}>
              Compare
            </button>{" "}
            two branches at this moment.
          </>
        )}
      </div>
    </div>
  );
}

/** Names the branch shown and opens the list; on a narrow page it is a mark alone. */
export function BranchButton({ narrow = false }: { narrow?: boolean }) {
  const name = useView(selectBranchName);
  const open = useView(selectDialog) === "branches";
  const anchor = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => useView.getState().open(null), []);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="branch-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Branch ${name}`}
        title="Branches  B"
        onClick={() => useView.getState().open(open ? null : "branches")}
      >
        <Mark name="branch" />
        {narrow ? null : (
          <>
            <b>{name}</b>
            <Mark name="down" />
          </>
        )}
      </button>
      {open && anchor.current !== null ? (
        <Popover label="Branches" anchor={anchor.current} onClose={close}>
          <BranchList onClose={close} />
        </Popover>
      ) : null}
    </>
  );
}

function UndoButtons() {
  const undo = useView(selectUndo);
  const redo = useView(selectRedo);
  return (
    <>
      <IconButton
        name="Undo"
        mark="undo"
        hint={undo === null ? "Nothing to undo" : `Undo ${undo}  Z`}
        disabled={undo === null}
        onClick={() => runAction("undo")}
      />
      <IconButton
        name="Redo"
        mark="redo"
        hint={redo === null ? "Nothing to redo" : `Redo ${redo}`}
        disabled={redo === null}
        onClick={() => runAction("redo")}
      />
    </>
  );
}

function BranchList({ onClose }: { onClose: () => void }) {
  const branches = useView(selectBranches);
  const shown = useView(selectBranch);
  const [naming, setNaming] = useState<number | null>(null);
  const [named, setNamed] = useState<number | null>(null);
  const done = () => {
    setNamed(naming);
    setNaming(null);
  };
  const fork = async () => {
    const id = branches.length;
    await engine().branch({ kind: "fork", name: `branch ${id + 1}` });
    setNaming(id);
  };
  return (
    <>
      <ul className="branch-list scroll" onKeyDown={walkRows}>
        {branches.map((branch) =>
          naming === branch.id ? (
            <NameForm key={branch.id} branch={branch} onDone={done} />
          ) : (
            <BranchRow
              key={branch.id}
              branch={branch}
              isShown={branch.id === shown}
              isNamed={branch.id === named}
              onName={() => setNaming(branch.id)}
              onClose={onClose}
            />
          ),
        )}
      </ul>
      <div className="foot-acts">
        <Button look="line" mark="plus" onClick={() => void fork()}>
          Fork here
        </Button>
        {branches.length < 2 ? null : (
          <Button
            look="line"
            onClick={() => {
              onClose();
              runAction("compare");
            }}
          >
            Compare
          </Button>
        )}
        <span className="mut">
          <kbd>[</kbd> <kbd>]</kbd> show another
        </span>
      </div>
    </>
  );
}

interface BranchRowProps {
  readonly branch: BranchView;
  readonly isShown: boolean;
  /** It has just been given its name, and the focus with it. */
  readonly isNamed: boolean;
  readonly onName: () => void;
  readonly onClose: () => void;
}

function BranchRow({ branch, isShown, isNamed, onName, onClose }: BranchRowProps) {
  const { id, name, parent, forkedAt, end } = branch;
  const from = forkedAt === null ? "from the start" : `left ${parent} at ${shortText(forkedAt)}`;
  return (
    <li>
      <button
        type="button"
        className="branch"
        aria-current={isShown ? "true" : undefined}
        data-first={isShown ? "" : undefined}
        // biome-ignore lint/a11y/noAutofocus: the form that had the focus has gone.
        autoFocus={isNamed}
        onClick={() => {
          void engine().branch({ kind: "show", id });
          onClose();
        }}
      >
        {isShown ? <Mark name="tick" /> : <span />}
        <b>{name}</b>
        <small>
          {from}, reaches <span className="mono">{shortText(end)}</span>
        </small>
      </button>
      <Button aria-label={`Rename ${name}`} onClick={onName}>
        Rename
      </Button>
    </li>
  );
}

function NameForm({ branch, onDone }: { branch: BranchView; onDone: () => void }) {
  const [name, setName] = useState(branch.name);
  const take = (event: FormEvent) => {
    event.preventDefault();
    void engine().branch({ kind: "rename", id: branch.id, name });
    onDone();
  };
  return (
    <li>
      <form className="branch-form" onSubmit={take}>
        <input
          className="field"
          aria-label={`Name of ${branch.name}`}
          value={name}
          maxLength={60}
          required
          pattern=".*\S.*"
          title="A name of 1 to 60 characters"
          // biome-ignore lint/a11y/noAutofocus: whoever asked to name it goes on by typing.
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            onDone();
          }}
        />
        <Button look="line" type="submit">
          Name it
        </Button>
      </form>
    </li>
  );
}

/** Arrows walk the branches; Tab reaches their names. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".branch")];
  const here = rows.indexOf(document.activeElement as HTMLElement);
  if (by === undefined || here < 0) return;
  rows[(here + by + rows.length) % rows.length]?.focus();
  event.preventDefault();
}
