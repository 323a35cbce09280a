export { type ConfOptions, parseConf } from "./conf/parser.ts";
export {
  ConfError,
  type ConfMap,
  type ConfPlace,
  type ConfValue,
  plainConf,
} from "./conf/value.ts";
export {
  encodeConnect,
  encodeErr,
  encodeInfo,
  encodeMsg,
  encodeOk,
  encodePing,
  encodePong,
  encodePub,
  encodeSub,
  encodeUnsub,
} from "./encode.ts";
export { ProtocolError } from "./errors.ts";
export {
  appendHeader,
  type DecodedHeaders,
  decodeHeaders,
  encodeHeaders,
  getHeader,
  type Headers,
  hasHeader,
  removeHeader,
  removeHeaderPrefix,
  setHeader,
} from "./headers.ts";
export {
  createNuid,
  type DrawU32,
  decodeBase64,
  encodeBase64,
  encodeBase64Url,
  type NuidState,
  nextNuid,
  randomBase62,
  randomPublicKey,
} from "./ids.ts";
export {
  type BigInteger,
  bigInteger,
  isBig,
  isJsonObject,
  type Json,
  JsonError,
  type JsonObject,
  parseJson,
  parseJsonValues,
} from "./json-read.ts";
export { encodeJson, encodeJsonLines, type JsonLike, quoteJson } from "./json-write.ts";
export { createMessage, type Message, messageBytes } from "./message.ts";
export {
  createOutBuffer,
  type OutBuffer,
  outByte,
  outBytes,
  outCrLf,
  outNumber,
  outText,
  takeBytes,
} from "./out-buffer.ts";
export {
  type ClientSink,
  createParser,
  defaultParserLimits,
  type ParserLimits,
  type ParserState,
  parse,
  type Role,
  type ServerSink,
} from "./parser.ts";
export {
  isSubsetOf,
  isValidLiteral,
  isValidPublishSubject,
  isValidSubject,
  isWildcard,
  subjectMatches,
  subjectsCollide,
  subjectTokens,
  tokenAt,
  tokenCount,
} from "./subjects.ts";
export {
  concatBytes,
  decodeText,
  emptyBytes,
  encodeText,
  equalBytes,
  textBytes,
} from "./text.ts";
export {
  applyTransform,
  compileTransform,
  type Transform,
  TransformError,
  type TransformKind,
  type TransformOptions,
  type TransformPart,
} from "./transform.ts";
