/** `npm start`: installs what is missing, builds the page, serves it and says where. */
import { ensurePackages, root, run } from "./install.mjs";

const port = Number(process.env.PORT ?? 4173);
ensurePackages();
console.log("Building the page ...");
if (!run("npm", ["run", "--silent", "build"])) process.exit(1);
const { preview } = await import("vite");
const server = await preview({
  root,
  logLevel: "error",
  preview: { port, host: "127.0.0.1", strictPort: true },
}).catch((error) => {
  console.error(`${error.message}\nChoose another port with PORT=4174 npm start`);
  process.exit(1);
});
console.log(`Windtunnel is ready: http://127.0.0.1:${port}  (Ctrl-C stops it)`);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => server.close().then(() => process.exit(0)));
}
