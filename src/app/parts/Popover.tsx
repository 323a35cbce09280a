/** A small panel beside an anchor: Escape, a press elsewhere and leaving it with Tab close it. */
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import { place } from "./Menu.tsx";

interface PopoverProps {
  readonly label: string;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Popover({ label, anchor, onClose, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  // What it holds may grow: it is placed anew with each render.
  useLayoutEffect(() => place(ref.current, anchor));
  useEffect(() => {
    const first = (what: string) => ref.current?.querySelector<HTMLElement>(what);
    (first("[data-first]") ?? first("button"))?.focus();
    const outside = (event: PointerEvent) => {
      const target = event.target as globalThis.Node;
      if (!ref.current?.contains(target) && !anchor.contains(target)) onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [onClose, anchor]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
    anchor.focus();
  };
  return (
    <div
      ref={ref}
      className="menu popover"
      role="dialog"
      aria-label={label}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (next !== null && !event.currentTarget.contains(next)) onClose();
      }}
    >
      {children}
    </div>
  );
}
