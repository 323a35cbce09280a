/** What can be broken, with the line that breaks it and the honest sentence about it. */
import { useView } from "../store/view.ts";

export interface Fault {
  readonly name: string;
  readonly mark: string;
  readonly line: string;
  /** What really happens, in one sentence. */
  readonly honest: string;
  readonly group: FaultGroup;
}

export type FaultGroup = "process" | "power" | "network" | "raft" | "wire";

/** Faults for a server, or for the only server when nothing else is meant. */
export function faultsFor(name: string): readonly Fault[] {
  const server = useView.getState().servers.get(`server:${name}`);
  const up = server === undefined || server.state === "up";
  const process: readonly Fault[] = up
    ? [
        {
          name: "Kill",
          mark: "kill",
          line: `fault kill ${name}`,
          honest: "The process dies; the operating system keeps the pages it wrote.",
          group: "process",
        },
        {
          name: "Freeze",
          mark: "frost",
          line: `fault freeze ${name}`,
          honest: "The process stops mid-sentence; its connections stay open.",
          group: "process",
        },
      ]
    : [
        {
          name: server.state === "frozen" ? "Resume" : "Start",
          mark: "play",
          line: `fault ${server.state === "frozen" ? "resume" : "start"} ${name}`,
          honest: "It goes on with what its disk still holds.",
          group: "process",
        },
      ];
  return [
    ...process,
    {
      name: "Power off",
      mark: "power",
      line: `fault power-off ${name}`,
      honest: "Everything that was not synced is gone (sync_interval is 2 min by default).",
      group: "power",
    },
    ...clusterFaults(name),
    ...wireFaults,
  ];
}

/** What only a server of a cluster can suffer: being cut off, and losing what it leads. */
function clusterFaults(name: string): readonly Fault[] {
  const view = useView.getState();
  const id = `server:${name}`;
  const routes = [...view.routes.values()].filter((route) => route.a === id || route.b === id);
  if (routes.length === 0) return [];
  const isCut = routes.some((route) => route.cut !== "no");
  const mend: Fault = {
    name: "Heal",
    mark: "tick",
    line: `fault heal ${name}`,
    honest: "Its links carry again; what TCP still held arrives now.",
    group: "network",
  };
  return [...(isCut ? [mend] : []), ...cutFaults(name), ...stepDowns(name)];
}

function cutFaults(name: string): readonly Fault[] {
  return [
    {
      name: "Cut off from the rest",
      mark: "tear",
      line: `fault cut ${name}`,
      honest: "Nothing gets through, clients included, and nobody is told: silence, no close.",
      group: "network",
    },
    {
      name: "Cut off from the other servers",
      mark: "tear",
      line: `fault cut ${name} --from not:${name}`,
      honest: "Its clients still reach it; the cluster does not.",
      group: "network",
    },
    {
      name: "Deaf: nothing reaches it",
      mark: "tear-half",
      line: `fault cut ${name} --one-way`,
      honest: "It still speaks, so its heartbeats may hold the others back.",
      group: "network",
    },
  ];
}

/** No fault at all: the polite way to move a leader. */
function stepDowns(name: string): readonly Fault[] {
  const view = useView.getState();
  const id = `server:${name}`;
  const led = [...view.groups.values()].filter((group) => group.leader === id);
  return led.map((group) => {
    const stream = group.asset.slice(group.asset.indexOf(":") + 1);
    return {
      name: group.asset === "" ? "Step down as meta leader" : `Step down as leader of ${stream}`,
      mark: "crown",
      line:
        group.asset === ""
          ? "nats server cluster step-down --force"
          : `nats stream cluster step-down ${stream}`,
      honest: "The leader hands over to a follower that has everything; no election timer runs.",
      group: "raft",
    };
  });
}

/** For a stream that is replicated: the line says leader, whoever that will be. */
export function streamFaults(stream: string): readonly Fault[] {
  return [
    {
      name: `Kill the leader of ${stream}`,
      mark: "kill",
      line: `fault kill leader:${stream}`,
      honest: "Whoever leads it when the line runs: the same line works again after the election.",
      group: "raft",
    },
    {
      name: `Cut off the leader of ${stream}`,
      mark: "tear",
      line: `fault cut leader:${stream}`,
      honest: "It goes on believing that it leads for 10 to 20 s, and acknowledges nothing.",
      group: "raft",
    },
    {
      name: "Drop the next append",
      mark: "drop",
      line: `fault drop append --stream ${stream.slice(stream.lastIndexOf("/") + 1)}`,
      honest: "One follower misses one entry and asks for it again. Our model.",
      group: "wire",
    },
  ];
}

export const wireFaults: readonly Fault[] = [
  {
    name: "Drop the next ack",
    mark: "drop",
    line: "fault drop ack",
    honest: "One ack never reaches the server. One message, our model: TCP would resend it.",
    group: "wire",
  },
  {
    name: "Drop the next PubAck",
    mark: "drop",
    line: "fault drop puback",
    honest: "Stored, but the publisher never hears so. Our model.",
    group: "wire",
  },
  {
    name: "Drop the next delivery",
    mark: "drop",
    line: "fault drop delivery",
    honest: "The server believes it delivered; the worker sees nothing. Our model.",
    group: "wire",
  },
];

export const faultGroups: Readonly<Record<FaultGroup, string>> = {
  process: "Process",
  power: "Power",
  network: "Network",
  raft: "Leadership",
  wire: "Wire",
};
