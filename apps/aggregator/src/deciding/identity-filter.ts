import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IdentityPage } from '#clickhouse';

/** What one look reads of memory: 64 bytes. */
const BLOCK_WORDS = 16;
const BLOCK_BITS = 512;
const BLOCK_BYTES = 64;
const PREFIX_BYTES = 8;
/** Half of the probes are digits of the hash; the others are mixed from all of them. */
const PROBES_OF_EACH_KIND = 3;
const BITS_OF_POSITION = 9;
/** Filling and folding hold the main loop for a few milliseconds at a time. */
const PREFIXES_PER_SLICE = 16_384;
const BLOCKS_PER_SLICE = 16_384;
const HASHES = 2 ** 32;

/**
 * A Bloom filter over the identities of one partition: "absent" is certain, "maybe present" is not and costs a look in
 * ClickHouse. Its memory is fixed when it is made; the more it holds the more often it says "maybe", and it stays right.
 *
 * Its blocks are in the order of the hashes, so it serves while it is filled page by page: of hashes that the pages have not
 * reached it says "maybe", whatever it holds of them.
 */
export class IdentityFilter {
  private readonly words: Uint32Array;
  private readonly blockShift: number;
  private ofPages = 0;
  private ofOurs = 0;
  /** All that is stored below this hash has been added: its first four bytes, and its second four. */
  private coveredHigh = 0;
  private coveredLow = 0;

  /** @param bytes a power of two, from 128 on */
  constructor(bytes: number) {
    this.words = new Uint32Array(bytes / Uint32Array.BYTES_PER_ELEMENT);
    this.blockShift = 32 - Math.log2(bytes / BLOCK_BYTES);
  }

  get bytes(): number {
    return this.words.byteLength;
  }

  /** Whether all that is stored has been added. */
  get isWhole(): boolean {
    return this.coveredHigh === HASHES;
  }

  /** The first 8 bytes of the first hash that no page has reached. */
  get nextPrefix(): bigint {
    return (BigInt(this.coveredHigh) << 32n) | BigInt(this.coveredLow);
  }

  /** Its bits for each identity once it is whole, as far as the pages tell that it has taken in. */
  get bitsPerIdentity(): number {
    const stored = this.ofPages === 0 ? 0 : this.ofPages / (this.coveredHigh / HASHES);
    return (this.bytes * 8) / (stored + this.ofOurs);
  }

  /** `identity` is 32 hex digits of a hash, so its own digits serve as the filter's hashes. */
  add(identity: string): void {
    this.addHash(digits(identity, 0), digits(identity, 8));
    this.ofOurs += 1;
  }

  mayContain(identity: string): boolean {
    const high = digits(identity, 0);
    const low = digits(identity, 8);
    if (!this.isCovered(high, low)) return true;
    const block = this.blockOf(high);
    const mixed = mix(high, low);
    for (let probe = 0; probe < PROBES_OF_EACH_KIND; probe++) {
      const shift = probe * BITS_OF_POSITION;
      if (!this.isSet(block, low >>> shift) || !this.isSet(block, mixed >>> shift)) return false;
    }
    return true;
  }

  /** Takes in the page that begins at `nextPrefix`: what is stored from there on, up to the page's highest. */
  async cover({ prefixes, isLast }: IdentityPage): Promise<void> {
    let highest = this.nextPrefix;
    for (let start = 0; start < prefixes.length; start += PREFIXES_PER_SLICE * PREFIX_BYTES) {
      const slice = prefixes.subarray(start, start + PREFIXES_PER_SLICE * PREFIX_BYTES);
      const highestOfSlice = this.addPrefixes(slice);
      if (highestOfSlice > highest) highest = highestOfSlice;
      this.ofPages += slice.length / PREFIX_BYTES;
      await nextTurn();
    }
    this.coverBelow(isLast ? BigInt(HASHES) << 32n : highest + 1n);
  }

  /** One of half the size that knows the same. */
  async halved(): Promise<IdentityFilter> {
    const half = new IdentityFilter(this.bytes / 2);
    // What is covered now is in the words already; what a page adds meanwhile is not covered in the half.
    half.coverBelow(this.nextPrefix);
    half.ofPages = this.ofPages;
    half.ofOurs = this.ofOurs;
    const wordsPerSlice = BLOCKS_PER_SLICE * BLOCK_WORDS;
    for (let start = 0; start < half.words.length; start += wordsPerSlice) {
      half.foldBlocks(this.words, start, Math.min(start + wordsPerSlice, half.words.length));
      await nextTurn();
    }
    return half;
  }

  /** Fills the blocks from the word `start` to the word `end` with two of `from` each. */
  private foldBlocks(from: Uint32Array, start: number, end: number): void {
    for (let block = start; block < end; block += BLOCK_WORDS) {
      for (let word = block; word < block + BLOCK_WORDS; word++) {
        this.words[word] = from[block + word]! | from[block + word + BLOCK_WORDS]!;
      }
    }
  }

  /** The highest of them. */
  private addPrefixes(prefixes: Buffer): bigint {
    let highestHigh = 0;
    let highestLow = 0;
    for (let at = 0; at < prefixes.length; at += PREFIX_BYTES) {
      const high = prefixes.readUInt32BE(at);
      const low = prefixes.readUInt32BE(at + 4);
      this.addHash(high, low);
      if (high > highestHigh || (high === highestHigh && low > highestLow)) {
        highestHigh = high;
        highestLow = low;
      }
    }
    return (BigInt(highestHigh) << 32n) | BigInt(highestLow);
  }

  private addHash(high: number, low: number): void {
    const block = this.blockOf(high);
    const mixed = mix(high, low);
    for (let probe = 0; probe < PROBES_OF_EACH_KIND; probe++) {
      const shift = probe * BITS_OF_POSITION;
      this.set(block, low >>> shift);
      this.set(block, mixed >>> shift);
    }
  }

  private coverBelow(prefix: bigint): void {
    this.coveredHigh = Number(prefix >> 32n);
    this.coveredLow = Number(prefix & 0xffff_ffffn);
  }

  private isCovered(high: number, low: number): boolean {
    return high < this.coveredHigh || (high === this.coveredHigh && low < this.coveredLow);
  }

  /** The block's first word. */
  private blockOf(high: number): number {
    return (high >>> this.blockShift) * BLOCK_WORDS;
  }

  private set(block: number, hash: number): void {
    const position = hash & (BLOCK_BITS - 1);
    this.words[block + (position >>> 5)]! |= 1 << (position & 31);
  }

  private isSet(block: number, hash: number): boolean {
    const position = hash & (BLOCK_BITS - 1);
    return (this.words[block + (position >>> 5)]! & (1 << (position & 31))) !== 0;
  }
}

function digits(identity: string, start: number): number {
  return Number.parseInt(identity.slice(start, start + 8), 16);
}

/** 27 bits that depend on all of the hash: those that chose the block are the same for all inside it. */
function mix(high: number, low: number): number {
  return Math.imul(high ^ Math.imul(low, 0x85eb_ca6b), 0x9e37_79b1) >>> 5;
}
