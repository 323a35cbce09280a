import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { consumerCluster } from "./cluster.ts";
import { consumerPause, consumerReset, consumerResume, consumerUnpin } from "./control.ts";
import { consumerAdd } from "./create.ts";
import { consumerCopy, consumerEdit } from "./edit.ts";
import { consumerFind } from "./find.ts";
import { consumerInfo, consumerState } from "./info.ts";
import { consumerList, consumerReport } from "./list.ts";
import { consumerNext } from "./next.ts";
import { consumerRemove } from "./remove.ts";
import { consumerSubscribe } from "./subscribe.ts";

/** nats consumer and its commands. */
export const consumer = natsGroup({
  ...words.consumer,
  cheat: "consumer",
  flags: { all: { help: "Internal streams too", type: "switch", short: "a" } },
  commands: [
    consumerAdd,
    consumerList,
    consumerInfo,
    consumerState,
    consumerRemove,
    consumerNext,
    consumerSubscribe,
    consumerReport,
    consumerFind,
    consumerEdit,
    consumerCopy,
    consumerPause,
    consumerResume,
    consumerReset,
    consumerUnpin,
    consumerCluster,
  ],
});
