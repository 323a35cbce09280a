/** Marks of the features, each around its own origin. Shape says it, colour comes last. */

/** A small stone, 12 by 7: stands where a value was. */
export function Stone({ x, y }: { readonly x: number; readonly y: number }) {
  return <path d={`M${x - 6} ${y}c0-5 2.5-7 6-7s6 2 6 7z`} className="stone" />;
}

/** A bell, 12 by 12: somebody watches. */
export function Bell({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <path
      d={`M${x - 5.5} ${y + 3}c2-1.6 1.6-4 2-6 .4-2 1.6-3 3.5-3s3.1 1 3.5 3c.4 2 0 4.4 2 6zM${x - 1.5} ${y + 5.4}h3`}
      className="bell"
    />
  );
}

/** A clock face, 14 across, on its own ground. */
export function Clock({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g className="clock-mark">
      <circle cx={x} cy={y} r="7" />
      <path d={`M${x} ${y - 4}v4l2.6 1.8`} />
    </g>
  );
}

/** A pin, 10 by 14: this one alone is served; hollow for who waits for it. */
export function Pin({
  x,
  y,
  isHollow = false,
}: {
  readonly x: number;
  readonly y: number;
  readonly isHollow?: boolean;
}) {
  return (
    <path
      d={`M${x - 4} ${y - 7}h8l-1.4 2v4l3.4 3h-12l3.4-3v-4zM${x} ${y + 2}v6`}
      className={isHollow ? "pin hollow" : "pin"}
    />
  );
}

/** Two bars, as on the transport: time goes on, deliveries do not. */
export function PauseBars({ x, y }: { readonly x: number; readonly y: number }) {
  return <path d={`M${x} ${y}v11M${x + 6} ${y}v11`} className="pause-bars" />;
}

/** The falling edge: the next message pushes the oldest off. */
export function FallingEdge({ isTall }: { readonly isTall: boolean }) {
  const d = isTall ? "M-3 12c-8 0-9-5-9-18m-4 5 4-5 4 5" : "M-3 10c-8 0-9 6-9 22m-4-5 4 5 4-5";
  return <path d={d} className="falling-edge" />;
}

/** An arrow that ends here and begins at a door: the origin is outside of the picture. */
export function Inlet({ x, y }: { readonly x: number; readonly y: number }) {
  // From the side where cables between streams run: left of a wide tape, right of a tall one.
  const away = x < 0 ? -1 : 1;
  return (
    <>
      <path d={`M${x + away * 28} ${y}H${x}`} className="l-there" />
      <path d={`M${x + away * 6} ${y - 4} ${x} ${y}l${away * 6} 4`} className="l-arrow" />
      <path d={`M${x + away * 32} ${y - 7}v14`} className="inlet-door" />
    </>
  );
}
