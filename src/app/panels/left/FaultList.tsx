/** The palette of faults: each with its honest line and the command it stands for. */

import { useShallow } from "zustand/react/shallow";
import { type Fault, faultGroups, faultsFor, wireFaults } from "../../actions/faults.ts";
import { submit } from "../../actions/submit.ts";
import { Mark } from "../../parts/Mark.tsx";
import { useView, type View } from "../../store/view.ts";

const selectServerStates = (view: View) =>
  [...view.servers.values()].map((server) => `${server.name} ${server.state}`);

export function FaultList() {
  const servers = useView(useShallow(selectServerStates));
  const names = servers.map((words) => words.split(" ")[0] ?? "");
  return (
    <div className="faults scroll">
      {names.map((name) => (
        <section key={name}>
          <h2>{name}</h2>
          {faultsFor(name)
            .filter((fault) => fault.group !== "wire")
            .map((fault) => (
              <FaultRow key={fault.line} fault={fault} />
            ))}
        </section>
      ))}
      <section>
        <h2>{faultGroups.wire}</h2>
        {wireFaults.map((fault) => (
          <FaultRow key={fault.line} fault={fault} />
        ))}
      </section>
    </div>
  );
}

function FaultRow({ fault }: { fault: Fault }) {
  return (
    <button type="button" className="fault" onClick={() => void submit(fault.line)}>
      <Mark name={fault.mark} />
      <span>
        <b>{fault.name}</b> <code>{fault.line}</code>
        <small>{fault.honest}</small>
      </span>
    </button>
  );
}
