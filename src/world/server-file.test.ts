import { expect, test } from "vitest";
import { provideAllParts } from "../server/doors/all-parts.ts";
import { confParts } from "../server/index.ts";
import { presets } from "./presets.ts";

provideAllParts();

// Our model: what is shown of a server is a file that nats-server reads, and says the same.
test.each(presets.map(({ name, servers }) => [name, servers] as const))(
  "the file of a server of %s says what its configuration says",
  (_name, servers) => {
    const { configText, serverConfigFromText } = confParts();
    for (const config of servers()) {
      const read = serverConfigFromText(configText(config)).config;
      const peers = config.cluster?.peers ?? [];
      const cluster = read.cluster === null ? null : { ...read.cluster, peers };
      expect({ ...read, cluster }).toEqual({ ...config });
    }
  },
);
