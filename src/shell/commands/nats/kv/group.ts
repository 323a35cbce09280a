import { natsGroup } from "../context.ts";
import { kvAdd, kvEdit, kvInfo } from "./manage.ts";
import { kvGet, kvHistory, kvList, kvWatch } from "./read.ts";
import { kvCompact, kvCreate, kvDelete, kvPurge, kvPut, kvRevert, kvUpdate } from "./write.ts";

/** nats kv and its commands. */
export const kv = natsGroup({
  path: "kv",
  help: "Key-value buckets",
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
