/** A menu beside an anchor: arrows walk it, Escape and a press elsewhere close it. */
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from "react";

interface MenuProps {
  readonly label: string;
  readonly anchor: HTMLElement;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Menu({ label, anchor, onClose, children }: MenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = ref.current;
    place(menu, anchor);
    // Whoever was in the menu goes back to where it was opened.
    return () => {
      if (menu?.contains(document.activeElement)) anchor.focus();
    };
  }, [anchor]);
  useEffect(() => {
    items(ref.current)[0]?.focus();
    const outside = (event: PointerEvent) => {
      if (!ref.current?.contains(event.target as globalThis.Node)) onClose();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [onClose]);
  const onKeyDown = (event: KeyboardEvent) => {
    const list = items(ref.current);
    const here = list.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = {
      ArrowDown: here + 1,
      ArrowUp: here - 1,
      Home: 0,
      End: list.length - 1,
    };
    const to = moves[event.key];
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (to !== undefined) list[(to + list.length) % list.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={ref}
      className="menu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}

function items(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role^=menuitem]:not(:disabled)") ?? [])];
}

/** Below the anchor, or above it where there is no room. */
export function place(menu: HTMLElement | null, anchor: HTMLElement): void {
  if (menu === null) return;
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: w, offsetHeight: h } = menu;
  const below = box.top + Math.min(box.height, 40) + 6;
  const y = below + h < innerHeight - 8 ? below : Math.max(8, box.top - h - 6);
  const x = Math.max(8, Math.min(box.left, innerWidth - w - 8));
  menu.style.left = `${x}px`;
  menu.style.top = `${y}px`;
}
