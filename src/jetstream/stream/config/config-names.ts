/** Names of streams and consumers. */

/** No blank, dot, wildcard or slash. Source: nats-server `isValidAssetName`. */
export function isAssetName(name: string): boolean {
  return name !== "" && !/[ \t\r\n\f.*>\\/]/.test(name);
}
