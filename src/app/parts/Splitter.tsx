/** The edge between two panes: drag it, or move it with the arrows; double click folds. */
import type { KeyboardEvent, PointerEvent } from "react";

interface SplitterProps {
  readonly label: string;
  readonly axis: "x" | "y";
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** True when the pane grows as the edge moves left or up. */
  readonly reversed?: boolean;
  readonly onChange: (value: number) => void;
  readonly onFold?: () => void;
}

const keyStep = 16;

export function Splitter(props: SplitterProps) {
  const { label, axis, value, min, max, reversed = false, onChange, onFold } = props;
  const sign = reversed ? -1 : 1;
  const clamp = (next: number) => onChange(Math.round(Math.max(min, Math.min(max, next))));
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    const element = event.currentTarget;
    const start = axis === "x" ? event.clientX : event.clientY;
    element.setPointerCapture(event.pointerId);
    element.onpointermove = (move) =>
      clamp(value + sign * ((axis === "x" ? move.clientX : move.clientY) - start));
    element.onpointerup = () => {
      element.onpointermove = null;
    };
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const keys = axis === "x" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
    const by = event.key === keys[0] ? -keyStep : event.key === keys[1] ? keyStep : 0;
    if (by === 0) return;
    clamp(value + sign * by);
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves has no element of its own.
    <div
      className="splitter"
      role="separator"
      aria-label={label}
      aria-orientation={axis === "x" ? "vertical" : "horizontal"}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      data-axis={axis}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDoubleClick={onFold}
    />
  );
}
