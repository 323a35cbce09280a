/** The focusable body of every thing on the canvas: an article that Enter selects. */
import { Handle, Position } from "@xyflow/react";
import type { KeyboardEvent, ReactNode } from "react";
import { openFaultMenu } from "../../actions/fault-menu.ts";
import { useView, type View } from "../../store/view.ts";

interface ThingProps {
  readonly id: string;
  readonly name: string;
  readonly className: string;
  readonly role?: string;
  readonly children: ReactNode;
}

export function Thing({ id, name, className, role, children }: ThingProps) {
  const selected = useView(isSelected(id));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if (event.key === "Enter") useView.getState().select(id);
    else if (event.key === "F10" && event.shiftKey) openFaultMenu(id, event.currentTarget);
    else if (arrows[event.key] !== undefined) walk(event.currentTarget, arrows[event.key] ?? 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <article
      className={className}
      aria-label={name}
      data-role={role}
      data-selected={selected}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: Tab walks the canvas, thing by thing.
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={(event) => useView.getState().select(messageUnder(event.target) ?? id)}
      onContextMenu={(event) => {
        event.preventDefault();
        openFaultMenu(id, event.currentTarget);
      }}
    >
      {children}
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <Handle type="target" position={Position.Left} isConnectable={false} />
    </article>
  );
}

const arrows: Readonly<Record<string, 1 | -1>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
};

/** To the neighbour along the flow: publishers, tapes and their lanes, then who reads them. */
function walk(from: HTMLElement, by: 1 | -1): void {
  const things = [...document.querySelectorAll<HTMLElement>(".canvas article")];
  things[things.indexOf(from) + by]?.focus();
}

/** A slot of a tape stands for its message. */
function messageUnder(target: EventTarget): string | null {
  return (target as Element).closest("[data-message]")?.getAttribute("data-message") ?? null;
}

const isSelected = (id: string) => (view: View) => view.selected === id;
