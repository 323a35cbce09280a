import { natsGroup } from "../context.ts";
import { words } from "../words.ts";
import { accountInfoCommand } from "./info.ts";

/** nats account and its commands. */
export const account = natsGroup({
  ...words.account,
  cheat: "account",
  commands: [accountInfoCommand],
});
