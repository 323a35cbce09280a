/** The page at `/` of the monitoring port: links to the others. */

const links: readonly (readonly [path: string, title: string])[] = [
  ["varz", "General"],
  ["jsz", "JetStream"],
  ["connz", "Connections"],
  ["accountz", "Accounts"],
  ["accstatz", "Account Stats"],
  ["subsz", "Subscriptions"],
  ["routez", "Routes"],
  ["leafz", "LeafNodes"],
  ["gatewayz", "Gateways"],
  ["raftz", "Raft Groups"],
  ["healthz", "Health Probe"],
];

export const startPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Windtunnel server</title></head>
<body>
<h1>Windtunnel server</h1>
<ul>
${links.map(([path, title]) => `<li><a href="./${path}">${title}</a> /${path}</li>`).join("\n")}
</ul>
</body>
</html>
`;
