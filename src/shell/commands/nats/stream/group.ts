import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { streamBackup, streamRestore } from "./backup.ts";
import { streamCluster } from "./cluster.ts";
import { streamAdd, streamCopy } from "./create.ts";
import { streamEdit } from "./edit.ts";
import { streamFind } from "./find.ts";
import { streamGaps } from "./gaps.ts";
import { streamGet } from "./get.ts";
import { streamInfo, streamState } from "./info.ts";
import { streamList } from "./list.ts";
import { streamPurge, streamRemove, streamRemoveMessage, streamSeal } from "./remove.ts";
import { streamReport } from "./report.ts";
import { streamSubjects } from "./subjects.ts";
import { streamView } from "./view.ts";

/** nats stream and its commands. */
export const stream = natsGroup({
  ...words.stream,
  cheat: "stream",
  flags: { all: { help: "Internal streams too", type: "switch", short: "a" } },
  commands: [
    streamAdd,
    streamList,
    streamReport,
    streamInfo,
    streamState,
    streamSubjects,
    streamRemove,
    streamPurge,
    streamCopy,
    streamRemoveMessage,
    streamView,
    streamGet,
    streamBackup,
    streamRestore,
    streamSeal,
    streamEdit,
    streamFind,
    streamGaps,
    streamCluster,
  ],
});
