/** A mark of the grammar; the symbols stand in index.html, so the static shell has them too. */
export function Mark({ name, className = "i" }: { name: string; className?: string }) {
  return (
    <svg className={className} aria-hidden="true">
      <use href={`#m-${name}`} />
    </svg>
  );
}
