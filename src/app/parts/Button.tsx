import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Mark } from "./Mark.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "line" | "main";
  readonly mark?: string;
  readonly keyHint?: string;
  readonly children?: ReactNode;
}

export function Button({ look, mark, keyHint, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className="btn" data-look={look} {...rest}>
      {mark === undefined ? null : <Mark name={mark} />}
      {children}
      {keyHint === undefined || keyHint === "" ? null : <kbd>{keyHint}</kbd>}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly name: string;
  readonly mark: string;
  readonly look?: "line";
  readonly hint?: string;
}

/** A mark with a name for those who do not see it, and for everyone on hover. */
export function IconButton({ name, mark, look, hint, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className="btn"
      data-icon
      data-look={look}
      aria-label={name}
      data-tip={hint ?? name}
      {...rest}
    >
      <Mark name={mark} />
    </button>
  );
}
