import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { accountBackup, accountRestore } from "./backup.ts";
import { accountInfoCommand } from "./info.ts";

/** nats account and its commands. */
export const account = natsGroup({
  ...words.account,
  cheat: "account",
  commands: [accountInfoCommand, accountBackup, accountRestore],
});
