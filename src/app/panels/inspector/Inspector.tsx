/** What is selected, in words and numbers. Looking creates nothing. */
import type { DetailView } from "../../../worker/frames.ts";
import { seek } from "../../actions/transport.ts";
import { countText, shortText } from "../../parts/figures.ts";
import { Mark } from "../../parts/Mark.tsx";
import { Rich } from "../../parts/Rich.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import type { InspectorTab } from "../../store/page.ts";
import { selectInspectorTab } from "../../store/select-page.ts";
import { selectDetail } from "../../store/select-world.ts";
import { useView } from "../../store/view.ts";
import { TraceLine, timeColumn } from "../left/Trace.tsx";
import { RaftTable } from "./RaftTable.tsx";
import { Rows } from "./Rows.tsx";

const tabs: readonly { readonly id: InspectorTab; readonly name: string }[] = [
  { id: "why", name: "Why" },
  { id: "state", name: "State" },
  { id: "config", name: "Config" },
  { id: "messages", name: "Messages" },
  { id: "raft", name: "Raft" },
  { id: "log", name: "Log" },
];
/** What runs no Raft has no tab for it. */
const tabsAlone = tabs.filter((tab) => tab.id !== "raft");

export function Inspector() {
  const detail = useView(selectDetail);
  const chosen = useView(selectInspectorTab);
  const hasRaft = detail?.raft != null;
  const tab = chosen === "raft" && !hasRaft ? "why" : chosen;
  return (
    <aside className="right pane insp" aria-label="Inspector">
      {detail === null ? (
        <Nothing />
      ) : (
        <>
          <h1>
            {detail.name}
            <span className="what">
              <Rich text={detail.what} />
            </span>
          </h1>
          <Vitals detail={detail} />
          <Tabs
            label="Inspector"
            tabs={hasRaft ? tabs : tabsAlone}
            chosen={tab}
            onChoose={(inspectorTab) => useView.getState().choose({ inspectorTab })}
          />
          <div className="scroll insp-body">
            <Body detail={detail} tab={tab} />
          </div>
          <Copies detail={detail} />
        </>
      )}
    </aside>
  );
}

function Nothing() {
  return (
    <div className="insp-none">
      <h1>Inspector</h1>
      <p className="mut">
        Select a server, a tape, a needle, a chair or a message on the canvas. Here it says what it
        is, how it is set, and why it is as it is.
      </p>
    </div>
  );
}

function Vitals({ detail }: { detail: DetailView }) {
  return (
    <dl className="vitals">
      {detail.vitals.map((vital) => (
        <div key={vital.label}>
          <dt>{vital.label}</dt>
          <dd>
            {vital.value}
            {vital.of === "" ? null : <small> {vital.of}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Body({ detail, tab }: { detail: DetailView; tab: InspectorTab }) {
  switch (tab) {
    case "why":
      return (
        <>
          <Why detail={detail} />
          <section className="sec">
            <Rows rows={detail.state.slice(0, 5)} />
          </section>
        </>
      );
    case "state":
      return <Rows rows={detail.state} />;
    case "config":
      return <Rows rows={detail.config} />;
    case "messages":
      return <Messages detail={detail} />;
    case "raft":
      return detail.raft === null ? null : <RaftTable raft={detail.raft} />;
    case "log":
      return (
        <ol className="trace" style={timeColumn(detail.log)}>
          {detail.log.map((line) => (
            <TraceLine key={line.id} line={line} now={false} />
          ))}
        </ol>
      );
  }
}

export function Why({ detail }: { detail: DetailView }) {
  return (
    <section className="why">
      <h2>{detail.question}</h2>
      <ol>
        {detail.why.map((line) => (
          <li key={`${line.at} ${line.text}`} data-tense={line.tense}>
            {line.at === null ? (
              <span className="time" />
            ) : (
              <button type="button" className="time" onClick={() => void seek(line.at ?? 0)}>
                {shortText(line.at)}
              </button>
            )}
            <span>
              <Rich text={line.text} />
            </span>
          </li>
        ))}
      </ol>
      {detail.evidence === "" ? null : (
        <p className="evid">
          <Mark name="tick" /> {detail.evidence}
        </p>
      )}
    </section>
  );
}

/** The stream of a stream or of a consumer; accounts stand before it with a slash. */
function streamOf(id: string): string {
  const name = id.slice(id.indexOf(":") + 1);
  return id.startsWith("stream:") ? name : name.slice(0, name.lastIndexOf("/"));
}

function Messages({ detail }: { detail: DetailView }) {
  const stream = streamOf(detail.id);
  const select = (seq: number) => useView.getState().select(`message:${stream}/${seq}`);
  if (detail.messages.length === 0) return <p className="mut insp-none">No messages here.</p>;
  return (
    <table className="rows messages">
      <thead>
        <tr>
          <th scope="col">seq</th>
          <th scope="col">subject</th>
          <th scope="col">state</th>
          <th scope="col">bytes</th>
        </tr>
      </thead>
      <tbody>
        {detail.messages.map((message) => (
          <tr key={message.seq} title={message.preview}>
            <td>
              <button type="button" className="link" onClick={() => select(message.seq)}>
                {countText(message.seq)}
              </button>
            </td>
            <td>{message.subject}</td>
            <td>{message.state}</td>
            <td>{countText(message.size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Copies({ detail }: { detail: DetailView }) {
  if (detail.copies.length === 0) return null;
  return (
    <p className="foot-acts">
      copy as
      {detail.copies.map((copy) => (
        <button
          key={copy.label}
          type="button"
          className="link"
          onClick={() => void navigator.clipboard.writeText(copy.text)}
        >
          {copy.label}
        </button>
      ))}
    </p>
  );
}
