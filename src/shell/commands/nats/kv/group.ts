import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { kvAdd, kvEdit, kvInfo } from "./manage.ts";
import { kvGet, kvHistory, kvList, kvWatch } from "./read.ts";
import { kvCompact, kvCreate, kvDelete, kvPurge, kvPut, kvRevert, kvUpdate } from "./write.ts";

/** nats kv and its commands. */
export const kv = natsGroup({
  ...words.kv,
  cheat: "kv",
  commands: [
    kvAdd,
    kvEdit,
    kvPut,
    kvGet,
    kvCreate,
    kvUpdate,
    kvDelete,
    kvPurge,
    kvHistory,
    kvRevert,
    kvInfo,
    kvWatch,
    kvList,
    kvCompact,
  ],
});
