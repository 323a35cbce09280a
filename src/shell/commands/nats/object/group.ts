import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { objectDelete, objectGet, objectPut } from "./files.ts";
import { objectList, objectWatch } from "./list.ts";
import { objectAdd, objectEdit, objectInfo, objectSeal } from "./manage.ts";

/** nats object and its commands. */
export const object = natsGroup({
  ...words.object,
  cheat: "obj",
  commands: [
    objectAdd,
    objectEdit,
    objectPut,
    objectDelete,
    objectGet,
    objectInfo,
    objectList,
    objectSeal,
    objectWatch,
  ],
});
