export { type ConfOptions, parseConf } from "./conf/parser.ts";
export {
  type ConfMap,
  type ConfValue,
  plainConf,
} from "./conf/value.ts";
export { encodeContent } from "./content-encoding.ts";
export { verifyEd25519 } from "./ed25519.ts";
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
} from "./encode.ts";
export { ProtocolError } from "./errors.ts";
export {
  appendHeader,
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
  decodeBase64,
  decodePublicKey,
  encodeBase64,
  encodeBase64Url,
  type NuidState,
  nextNuid,
  randomBase62,
  randomPublicKey,
} from "./ids.ts";
export {
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
  takeBytes,
} from "./out-buffer.ts";
export {
  type ClientSink,
  createParser,
  defaultParserLimits,
  type ParserState,
  parse,
  type ServerSink,
} from "./parser.ts";
export { quoteBytes, quoteGo } from "./quote.ts";
export { S2Error } from "./s2/s2-decode.ts";
export { decodeS2, encodeS2Chunk, s2Identifier } from "./s2/s2-frames.ts";
export { shortHash } from "./short-hash.ts";
export {
  hasEmptyToken,
  isSubsetOf,
  isValidLiteral,
  isValidPublishSubject,
  isValidSubject,
  isWildcard,
  subjectMatches,
  subjectsCollide,
  tokenCount,
} from "./subjects.ts";
export {
  concatBytes,
  decodeText,
  emptyBytes,
  encodeText,
  textBytes,
  writeText,
} from "./text.ts";
export {
  applyTransform,
  compileTransform,
  type Transform,
  TransformError,
  transformSubject,
} from "./transform.ts";
