/** A link that holds the whole session: seed, journal and moment. Nothing leaves the browser. */
import { useEffect, useState } from "react";
import type { ShareReply } from "../../../worker/api.ts";
import { engine } from "../../engine.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { clockText, countText } from "../../parts/figures.ts";
import { useView, type View } from "../../store/view.ts";
import { saveText } from "../left/ScenarioText.tsx";

/** Above this many characters chat programs and mail begin to break links. */
const tooLong = 8000;
type From = "start" | "moment";
const selectJournal = (view: View) => view.journal;

export function ShareDialog() {
  const journal = useView(selectJournal);
  const [from, setFrom] = useState<From>("moment");
  const [caption, setCaption] = useState(suggestedCaption);
  const [reply, setReply] = useState<ShareReply | null>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    let current = true;
    void engine()
      .share({ from, caption })
      .then((made) => {
        if (current) setReply(made);
        setCopied(false);
      });
    return () => {
      current = false;
    };
  }, [from, caption]);
  const url = reply === null ? "" : `${location.origin}${location.pathname}#w=${reply.fragment}`;
  const copy = () => {
    void navigator.clipboard.writeText(url).then(() => setCopied(true));
  };
  return (
    <Dialog title="Share" onClose={() => useView.getState().open(null)}>
      <fieldset className="choices">
        <legend>Opens paused, with its caption</legend>
        <Choice
          name="This moment"
          hint={clockText(reply?.at ?? 0)}
          on={from === "moment"}
          onChoose={() => setFrom("moment")}
        />
        <Choice
          name="From the start"
          hint=""
          on={from === "start"}
          onChoose={() => setFrom("start")}
        />
      </fieldset>
      <label className="share-caption">
        Caption
        <input
          className="field"
          value={caption}
          onChange={(event) => setCaption(event.target.value)}
        />
      </label>
      <textarea
        className="field share-url"
        aria-label="Link"
        readOnly
        rows={3}
        value={url}
        onFocus={(event) => event.target.select()}
      />
      <p className="mut share-note">
        {countText(url.length)} characters · hash {reply?.hash.slice(0, 12) ?? "…"} · the link holds
        everything; no server keeps it
      </p>
      {url.length > tooLong ? (
        <p className="share-note">A link this long may be cut by chat programs. A file is safer.</p>
      ) : null}
      <div className="foot-acts">
        <Button look="main" onClick={copy} disabled={url === ""}>
          {copied ? "Copied" : "Copy link"}
        </Button>
        <Button look="line" onClick={() => saveText(journal, "tunnel.wt")}>
          Save as file
        </Button>
        <Button onClick={() => void navigator.clipboard.writeText(embedCode(url))}>
          Copy embed
        </Button>
      </div>
    </Dialog>
  );
}

function suggestedCaption(): string {
  const caption = useView.getState().caption;
  return caption === null ? "" : `${caption.strong} ${caption.rest}`.trim();
}

function embedCode(url: string): string {
  const framed = url.replace("#", "?embed=canvas,timeline#");
  return `<iframe src="${framed}" width="640" height="400" title="Windtunnel"></iframe>`;
}

interface ChoiceProps {
  readonly name: string;
  readonly hint: string;
  readonly on: boolean;
  readonly onChoose: () => void;
}

function Choice({ name, hint, on, onChoose }: ChoiceProps) {
  return (
    <label>
      <input type="radio" name="from" checked={on} onChange={onChoose} />
      {name} <code className="mut">{hint}</code>
    </label>
  );
}
