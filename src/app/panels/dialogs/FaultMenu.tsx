import { closeFaultMenu, useFaultMenu } from "../../actions/fault-menu.ts";
import { type FaultGroup, faultGroups, faultsFor, streamFaults } from "../../actions/faults.ts";
import { submit } from "../../actions/submit.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Menu } from "../../parts/Menu.tsx";

const groups = Object.keys(faultGroups) as readonly FaultGroup[];

/** Beside a thing: what can happen to its server, and the command each entry stands for. */
export function FaultMenu() {
  const { server, stream, anchor } = useFaultMenu();
  if (server === null || anchor === null) return null;
  const faults = [...(stream === "" ? [] : streamFaults(stream)), ...faultsFor(server)];
  const title = stream === "" ? server : `${stream}, led by ${server}`;
  return (
    <Menu label={`Faults on ${title}`} anchor={anchor} onClose={closeFaultMenu}>
      {groups
        .filter((group) => faults.some((fault) => fault.group === group))
        .map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu.
          <div key={group} role="group" aria-label={faultGroups[group]}>
            <span className="menu-title" aria-hidden="true">
              {faultGroups[group]}
            </span>
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
