/** The command from its sources, in a process of its own; what it loads later is found too. */
const entry = `
  import { createServer } from "vite";
  const vite = await createServer({
    configFile: false,
    logLevel: "error",
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    appType: "custom",
  });
  const { serve } = await vite.ssrLoadModule("/src/node/commands/serve.ts");
  process.exitCode = await serve(process.argv.slice(1));
  await vite.close();
`;

/** For `spawn`: a program and its first arguments, which those of `windtunnel serve` follow. */
export const serveFromSources = [
  process.execPath,
  "--input-type=module",
  "-e",
  entry,
  "--",
] as const;
