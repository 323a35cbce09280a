/** Configuration files that are all right, one for each part of the grammar and of the settings. */
export const configurations: readonly string[] = [
  `server_name: n1
listen: 127.0.0.1:4222
http: 8222
jetstream { store_dir: "/srv/js", max_mem: 256MB, max_file: 1GB, sync_interval: always
  limits { max_request_batch: 10, max_ack_pending: 20, duplicate_window: "1s" } }
max_payload: 1MB
ping_interval: "2m"
write_deadline = "10s"
`,
  `accounts {
  SYS { users = [{ user: sys, password: sys }] }
  APP {
    jetstream { max_mem: 1M, max_file: 1G, max_streams: 10, max_consumers: -1 }
    users: [
      { user: a, password: "$2a$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG"
        permissions: { publish: { allow: ["a.>"], deny: "b" }, subscribe: ["c", "d.* workers"]
          allow_responses: { max: 5, expires: "1m" } } }
    ]
    exports: [
      { service: "s.*", response: stream, threshold: "5s", latency: { sampling: 50%, subject: l } }
      { stream: "t.>", accounts: [OTHER] }]
    mappings: { foo: bar
      "x.*": [{ destination: "y.$1", weight: 40% }, { destination: "z.$1", weight: 60% }] }
  }
  OTHER { imports: [{ service: { account: APP, subject: "s.1" }, to: "q" }
    { stream: { account: APP, subject: "t.>" }, prefix: p }] }
}
system_account: SYS
no_auth_user: a
`,
  `PERMS = { publish: { deny: ["secret.>"] } }
authorization {
  default_permissions: { publish: ">", subscribe: [">"] }
  users = [ {user: joe, password: foo, permissions: $PERMS}
    { nkey: UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 } ]
  timeout: 0.5
}
`,
  `# a comment
// another
port = 4222; host = 'localhost'
max_connections: 1k
max_subscriptions 100
cluster { name: c, listen: 0.0.0.0:6222, routes = ["nats://a:1", nats-route://b:2], pool_size: -1 }
websocket { port: 8080, no_tls: true, compression: true, allowed_origins: ["http://x"] }
server_tags: [a, "b:c"]
lame_duck_duration: "2m", lame_duck_grace_period: "10s"
`,
  `{ "port": 4222, "authorization": { "token": "s3cr3t" }, "debug": true, "trace": false,
  "tls": { "cert_file": "c.pem", "key_file": "k.pem", "verify": true, "timeout": 2 } }
`,
];
