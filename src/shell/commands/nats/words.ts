// The words that stand right behind `nats`, and what help says of them.

/** Declared apart from the commands, which are loaded with their first use. */
export const words = {
  account: { path: "account", aliases: ["a"], help: "The account in use" },
  cheat: { path: "cheat", hidden: true, help: "Show examples" },
  consumer: {
    path: "consumer",
    aliases: ["con", "obs", "c"],
    help: "Consumers of streams",
  },
  counter: { path: "counter", aliases: ["ctr"], help: "Counters kept in streams" },
  kv: { path: "kv", help: "Key-value buckets" },
  object: { path: "object", aliases: ["obj"], help: "Buckets of files" },
  publish: { path: "publish", aliases: ["pub"], help: "Send messages to a subject" },
  reply: { path: "reply", help: "Answer requests" },
  request: { path: "request", aliases: ["req"], help: "Ask a service and show its answers" },
  rtt: { path: "rtt", help: "Measure the round trip to a server" },
  server: { path: "server", aliases: ["srv", "sys", "system"], help: "Servers" },
  stream: { path: "stream", aliases: ["str", "st", "ms", "s"], help: "Streams" },
  subscribe: { path: "subscribe", aliases: ["sub"], help: "Show messages as they arrive" },
} as const;
