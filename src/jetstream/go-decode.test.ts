/** Evidence: each text was given by nats-server 2.15.2 (`test/differential/jetstream`). */
import { describe, expect, test } from "vitest";
import { decodeStreamConfigRequest } from "./stream/config/config-decode.ts";

const field = "Go struct field StreamConfigRequest.StreamConfig";

const refusals: readonly (readonly [body: string, text: string])[] = [
  ["foo", "invalid character 'o' in literal false (expecting 'a') at offset 2"],
  ["[]", "json: cannot unmarshal array into Go value of type server.StreamConfigRequest"],
  ['{"name":"S"', "unexpected EOF"],
  ['{"name":"S"} x', "invalid character 'x' looking for beginning of value at offset 14"],
  [
    '{"max_msgs":"x","foo":1}',
    `json: cannot unmarshal string into ${field}.max_msgs of type int64`,
  ],
  ['{"foo":1,"max_msgs":"x"}', 'json: unknown field "foo"'],
  ['{"foo":1,"retention":"x"}', 'can not unmarshal "\\"x\\""'],
  ['{"max_msgs":1.5}', `json: cannot unmarshal number 1.5 into ${field}.max_msgs of type int64`],
  [
    '{"max_msgs":99999999999999999999}',
    `json: cannot unmarshal number 99999999999999999999 into ${field}.max_msgs of type int64`,
  ],
  ['{"first_seq":-1}', `json: cannot unmarshal number -1 into ${field}.first_seq of type uint64`],
  ['{"subjects":"x"}', `json: cannot unmarshal string into ${field}.subjects of type []string`],
  ['{"subjects":[1]}', `json: cannot unmarshal number into ${field}.subjects of type string`],
  [
    '{"mirror":{"name":5}}',
    "json: cannot unmarshal number into Go struct field StreamSource.StreamConfig.mirror.name of type string",
  ],
  ['{"compression":"x"}', "unknown compression algorithm"],
];

describe("a request's body", () => {
  test.each(refusals)("%s is refused in Go's words", (body, text) => {
    expect(() => decodeStreamConfigRequest(body)).toThrow(text);
  });

  test("may spell its fields in any case, and null leaves a field as it was", () => {
    const body = '{"NAME":"A","Max_Msgs":5,"subjects":null,"pedantic":true}';
    const { config, pedantic } = decodeStreamConfigRequest(body);
    expect([config.name, config.max_msgs, config.subjects, pedantic]).toEqual(["A", 5, [], true]);
  });

  test("keeps integers that no number holds", () => {
    const { config } = decodeStreamConfigRequest('{"max_msgs":9223372036854775807}');
    expect(config.max_msgs).toEqual({ bigint: "9223372036854775807" });
  });
});
