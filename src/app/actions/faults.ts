/** What can be broken, with the line that breaks it and the honest sentence about it. */
import { useView } from "../store/view.ts";

export interface Fault {
  readonly name: string;
  readonly mark: string;
  readonly line: string;
  /** What really happens, in one sentence. */
  readonly honest: string;
  readonly group: "process" | "power" | "wire";
}

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
    ...wireFaults,
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

export const faultGroups = { process: "Process", power: "Power", wire: "Wire" } as const;
