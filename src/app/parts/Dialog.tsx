/** A modal sheet on the platform's own dialog: focus trap, Escape and backdrop come with it. */
import { type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "./Button.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
}

export function Dialog({ title, onClose, children, className = "" }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    // The sheet's own first field, not the button that closes it.
    const fields = "input, textarea, button, [tabindex='0']";
    dialog
      .querySelector<HTMLElement>(`header ~ * :is(${fields}), header ~ :is(${fields})`)
      ?.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      className={`sheet ${className}`}
      aria-label={title}
      onClose={onClose}
      onPointerDown={(event) => {
        if (event.target === ref.current) ref.current?.close();
      }}
    >
      <header>
        <h1>{title}</h1>
        <IconButton name="Close" mark="close" data-tip-below onClick={() => ref.current?.close()} />
      </header>
      {children}
    </dialog>
  );
}
