/** Text with `**strong**`, `` `code` ``, `_quiet_` and `[words](id)`; a link selects what it names. */
import { Fragment, type ReactNode } from "react";
import { useView } from "../store/view.ts";
import { CommandText } from "./CommandText.tsx";

/** An underscore inside a word, as in `KV_config`, is part of it. */
const pattern = /\*\*([^*]+)\*\*|`([^`]+)`|(?<!\w)_([^_]+)_(?!\w)|\[([^\]]+)\]\(([^)]+)\)/g;

export function Rich({ text }: { text: string }) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push(<Fragment key={match.index}>{piece(match)}</Fragment>);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

function piece(match: RegExpMatchArray): ReactNode {
  const [, strong, code, quiet, words, id] = match;
  if (strong !== undefined) return <b>{strong}</b>;
  if (code !== undefined) return <CommandText line={code} />;
  if (quiet !== undefined) return <span className="mut">{quiet}</span>;
  return (
    <button type="button" className="link" onClick={() => useView.getState().select(id ?? null)}>
      {words}
    </button>
  );
}
