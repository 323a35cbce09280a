/** A blank tunnel: a ghost of what could be, and verbs that type their commands. */
import { submit } from "../../actions/submit.ts";
import { Mark } from "../../parts/Mark.tsx";
import { useView, type View } from "../../store/view.ts";

interface EmptySceneProps {
  readonly width: number;
  readonly height: number;
}

interface Verb {
  readonly name: string;
  readonly mark: string;
  readonly line: string;
  /** What a cluster is for. */
  readonly clustered?: string;
}

const verbs: readonly Verb[] = [
  {
    name: "Add a stream",
    mark: "kept",
    line: "nats stream add ORDERS --subjects 'orders.>' --defaults",
    clustered: "nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults",
  },
  { name: "Publish a message", mark: "cmd", line: "nats pub -J orders.new hello" },
  {
    name: "Add a publisher",
    mark: "play",
    line: "load publisher P --subject orders.new --rate 2/s --latency 400ms",
  },
  {
    name: "Add a consumer",
    mark: "due",
    line: "nats consumer add ORDERS W --pull --ack explicit --wait 5s --defaults",
  },
];

/** Servers that had nothing on them make room for those of a cluster. */
const enlarge: Verb = { name: "Make it a cluster", mark: "crown", line: "world cluster east 3" };

const selectCount = (view: View) => view.servers.size;
const selectClustered = (view: View) => view.routes.size > 0;

export function EmptyScene({ width, height }: EmptySceneProps) {
  const servers = useView(selectCount);
  const clustered = useView(selectClustered);
  return (
    <div className="empty" data-clustered={clustered}>
      {width > 520 && !clustered ? <Ghost width={width} height={height} /> : null}
      <div className="empty-say">
        <h2>A blank tunnel</h2>
        <p className="mut">
          {servers === 1
            ? "One server, nothing on it yet."
            : `${servers} servers, nothing on them yet.`}{" "}
          Each verb types its command below.
        </p>
        <div className="empty-verbs">
          {(servers === 1 ? [...verbs, enlarge] : verbs).map((verb) => (
            <button
              key={verb.name}
              type="button"
              className="btn"
              data-look="line"
              onClick={() => submit((clustered && verb.clustered) || verb.line)}
            >
              <Mark name={verb.mark} />
              {verb.name}
            </button>
          ))}
        </div>
      </div>
    </div>
  );
}

/** The scene to come, in outline: nothing in it is real yet, so nothing in it has ink. */
function Ghost({ width, height }: EmptySceneProps) {
  const right = width - 232;
  const slots = Array.from({ length: Math.max(3, Math.floor((right - 212) / 26)) }, (_, i) => i);
  return (
    <svg className="ghost" width={width} height={height} aria-hidden="true">
      <rect x="24" y="88" width="44" height="44" rx="10" />
      <path d={`M70 103H${150 + slots.length * 26 - 41}q26 0 26 26V176`} />
      {slots.map((i) => (
        <rect key={i} x={150 + i * 26} y="184" width="22" height="38" rx="4" />
      ))}
      <path d={`M150 296H${right - 64}`} />
      <circle cx={right} cy="296" r="19" />
      <rect x={width - 74} y="274" width="44" height="44" rx="10" />
      <path d={`M${right + 26} 289H${width - 76}M${right + 26} 303H${width - 76}`} />
    </svg>
  );
}
