import { closeFaultMenu, useFaultMenu } from "../../actions/fault-menu.ts";
import { faultGroups, faultsFor } from "../../actions/faults.ts";
import { submit } from "../../actions/submit.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Menu } from "../../parts/Menu.tsx";

const groups = ["process", "power", "wire"] as const;

/** Beside a thing: what can happen to its server, and the command each entry stands for. */
export function FaultMenu() {
  const { server, anchor } = useFaultMenu();
  if (server === null || anchor === null) return null;
  const faults = faultsFor(server);
  return (
    <Menu label={`Faults on ${server}`} anchor={anchor} onClose={closeFaultMenu}>
      {groups.map((group) => (
        <div key={group}>
          <h3>{faultGroups[group]}</h3>
          {faults
            .filter((fault) => fault.group === group)
            .map((fault) => (
              <button
                key={fault.line}
                type="button"
                role="menuitem"
                onClick={() => {
                  closeFaultMenu();
                  void submit(fault.line);
                }}
              >
                <Mark name={fault.mark} />
                <span>{fault.name}</span>
                <code>{fault.line}</code>
                <small>{fault.honest}</small>
              </button>
            ))}
        </div>
      ))}
    </Menu>
  );
}
