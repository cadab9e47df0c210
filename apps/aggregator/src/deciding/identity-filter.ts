const BITS_PER_IDENTITY = 12;
const PROBES = 8;
const IDENTITY_BYTES = 16;

/**
 * A Bloom filter over identities: "absent" is certain, "maybe present" is not and costs a look in ClickHouse.
 * It saves that look for nearly every new id, random ones included. Its memory is fixed when it is made;
 * beyond its capacity it stays right and answers "maybe" more often.
 */
export class IdentityFilter {
  private readonly bits: Uint32Array;
  private readonly bitCount: number;

  constructor(capacity: number) {
    this.bits = new Uint32Array(Math.ceil((capacity * BITS_PER_IDENTITY) / 32));
    this.bitCount = this.bits.length * 32;
  }

  get bytes(): number {
    return this.bits.byteLength;
  }

  /** `identity` is 32 hex digits of a hash, so its own digits serve as the filter's hashes. */
  add(identity: string): void {
    this.addHashes(
      Number.parseInt(identity.slice(0, 8), 16),
      Number.parseInt(identity.slice(8, 16), 16),
    );
  }

  mayContain(identity: string): boolean {
    const first = Number.parseInt(identity.slice(0, 8), 16);
    const second = Number.parseInt(identity.slice(8, 16), 16);
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.bitOf(first, second, probe);
      if ((this.bits[bit >>> 5]! & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }

  /** Adds identities of 16 bytes each from chunks that may be cut anywhere, and says how many they were. */
  async addAll(chunks: AsyncIterable<Buffer>): Promise<number> {
    let rest: Buffer = Buffer.alloc(0);
    let added = 0;
    for await (const chunk of chunks) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (; start + IDENTITY_BYTES <= bytes.length; start += IDENTITY_BYTES) {
        this.addHashes(bytes.readUInt32BE(start), bytes.readUInt32BE(start + 4));
        added += 1;
      }
      rest = bytes.subarray(start);
    }
    return added;
  }

  private addHashes(first: number, second: number): void {
    for (let probe = 0; probe < PROBES; probe++) {
      const bit = this.bitOf(first, second, probe);
      this.bits[bit >>> 5]! |= 1 << (bit & 31);
    }
  }

  private bitOf(first: number, second: number, probe: number): number {
    return (first + probe * ((second | 1) >>> 0)) % this.bitCount;
  }
}
