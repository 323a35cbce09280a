/** Examples by topic, in the order of the recorded list. */
export const cheats: Readonly<Record<string, string>> = {
  account: `# Who am I, and what may I use?
nats account info
`,
  auth: `# Use a credentials file
nats --creds user.creds account info
`,
  bench: `# Publish ten messages and time them
time nats pub bench.x "{{Random 64 64}}" --count 10
`,
  consumer: `# A consumer that work is pulled from
nats consumer add ORDERS worker --pull --deliver all --ack explicit --defaults

# Take three messages, acknowledge them
nats consumer next ORDERS worker --count 3 --ack

# How far is it?
nats consumer info ORDERS worker
`,
  contexts: `# Say on the line where to connect
nats --server nats://127.0.0.1:4222 rtt
`,
  errors: `# Refusals end in the server's error code
nats stream rm NOSUCH -f
`,
  events: `# Watch the advisories of JetStream
nats sub '$JS.EVENT.ADVISORY.>'
`,
  kv: `# What a bucket keeps, as a stream
nats stream info KV_CONFIG
`,
  latency: `# A round trip to the server
nats rtt
`,
  obj: `# What an object store keeps, as a stream
nats stream info OBJ_FILES
`,
  pub: `# One message
nats pub orders.new "an order"

# Ten messages, each a little different
nats pub orders.new "order {{Count}} of {{TimeStamp}}" --count 10

# With a header, waiting for the stream to have it
nats pub orders.new "an order" -H Nats-Msg-Id:1 -J
`,
  reply: `# Answer every request with what was asked
nats reply 'echo.>' --echo

# Answer with a text
nats reply time 'it is {{Time}}'
`,
  schemas: `# The configuration of a stream as JSON
nats stream info ORDERS --json
`,
  server: `# What does a mapping make of a subject?
nats server mapping 'orders.*' 'shard.{{partition(3,1)}}' orders.42
`,
  stream: `# A stream of all orders
nats stream add ORDERS --subjects 'orders.>' --defaults

# What does it hold?
nats stream info ORDERS
nats stream subjects ORDERS
nats stream view ORDERS

# Save it in a folder
nats stream backup ORDERS ./orders

# Empty it, remove it
nats stream purge ORDERS -f
nats stream rm ORDERS -f

# Bring it back
nats stream restore ./orders
`,
  sub: `# Everything under orders
nats sub 'orders.>'

# What a stream holds, from the beginning
nats sub --stream ORDERS --all
`,
};
