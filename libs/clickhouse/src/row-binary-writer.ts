/** Of a text so short its length takes one byte whatever its characters: it need not be measured before it is written. */
const SHORT_UNITS_MAX = 42;

/**
 * Writes values in ClickHouse's RowBinary format into one growing buffer.
 * RowBinary is the cheapest format to write here that the server casts nothing in, and it carries bytes and 128-bit integers as they are.
 */
export class RowBinaryWriter {
  private buffer: Buffer;
  private length = 0;

  constructor(bytesExpected = 1 << 16) {
    this.buffer = Buffer.allocUnsafe(bytesExpected);
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  uint8(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  uint16(value: number): void {
    this.reserve(2);
    this.length = this.buffer.writeUInt16LE(value, this.length);
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  /** A whole number up to 2^53, in 64 bits. */
  uint64(value: number): void {
    this.reserve(8);
    this.length = this.buffer.writeUInt32LE(value % 0x1_0000_0000, this.length);
    this.length = this.buffer.writeUInt32LE(Math.floor(value / 0x1_0000_0000), this.length);
  }

  bigUint64(value: bigint): void {
    this.reserve(8);
    this.length = this.buffer.writeBigUInt64LE(value, this.length);
  }

  float64(value: number): void {
    this.reserve(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  /** A Decimal(38, s) or Int128, given as its whole number of smallest units. */
  int128(value: bigint): void {
    this.reserve(16);
    this.length = this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.length);
    this.length = this.buffer.writeBigInt64LE(BigInt.asIntN(64, value >> 64n), this.length);
  }

  /** A DateTime64(3): milliseconds since the epoch. */
  dateTime64(epochMs: number): void {
    this.reserve(8);
    this.length = this.buffer.writeBigInt64LE(BigInt(epochMs), this.length);
  }

  /** A FixedString given in hex; its length is half the text's. */
  fixedHex(hex: string): void {
    this.reserve(hex.length / 2);
    this.length += this.buffer.write(hex, this.length, 'hex');
  }

  string(value: string): void {
    // A UTF-16 unit becomes at most 3 bytes of UTF-8.
    this.reserve(value.length * 3 + 5);
    if (value.length <= SHORT_UNITS_MAX) {
      const written = this.buffer.write(value, this.length + 1);
      this.buffer[this.length] = written;
      this.length += written + 1;
      return;
    }
    const byteLength = Buffer.byteLength(value);
    this.varint(byteLength);
    this.length += this.buffer.write(value, this.length);
  }

  /** Null as ClickHouse's flag byte, else the value as `write` writes it. */
  nullable<T>(value: T | null, write: (value: T) => void): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) write(value);
  }

  nullableString(value: string | null): void {
    this.uint8(value === null ? 1 : 0);
    if (value !== null) this.string(value);
  }

  strings(values: readonly string[]): void {
    this.varint(values.length);
    for (const value of values) this.string(value);
  }

  map<T>(entries: [string, T][], write: (value: T) => void): void {
    this.varint(entries.length);
    for (const [key, value] of entries) {
      this.string(key);
      write(value);
    }
  }

  private varint(value: number): void {
    this.reserve(5);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}
