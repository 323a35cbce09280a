/** The checksum of S2 and Snappy frames: CRC-32C, masked so that it may cover itself. */

const polynomial = 0x82f63b78;
const maskDelta = 0xa282ead8;

/** Made at the first use: most pages never see a backup. */
let table: Uint32Array | null = null;

/** Source: the Snappy framing format, section 3; Castagnoli's polynomial. */
export function maskedCrc32c(bytes: Uint8Array): number {
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (table[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + maskDelta) >>> 0;
}

function makeTable(): Uint32Array {
  const made = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    made[n] = value >>> 0;
  }
  return made;
}
