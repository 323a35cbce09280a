/** Entry of the command: one file a subcommand, loaded when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Subcommand>>> = {
  serve: async () => (await import("./commands/serve.ts")).serve,
  run: async () => (await import("./commands/run.ts")).run,
  sh: async () => (await import("./commands/sh.ts")).sh,
  nats: async () => (await import("./commands/nats.ts")).nats,
};

/** Takes the arguments after its name; answers the exit code when it has ended by itself. */
export type Subcommand = (args: readonly string[]) => Promise<number>;

const usage = `usage: windtunnel <command> [arguments]

  serve   a server that real NATS clients connect to; takes nats-server's flags
  run     run scenario files and say which expectations held
  sh      the sandbox's terminal, without a page
  nats    the nats command line against a real server
`;

/** Runs one subcommand; the process ends with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  const [name = "", ...args] = argv;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const asked = ["", "help", "--help", "-h"].includes(name);
    if (asked) process.stdout.write(usage);
    else process.stderr.write(`windtunnel: no command "${name}"\n${usage}`);
    process.exitCode = asked && name !== "" ? 0 : 2;
    return;
  }
  // A reader that has seen enough, as in `run --json | head`, is the end of it and no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const command = await load();
  process.exitCode = await command(args);
}
