import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { randomBase62, toBase62 } from './base62.js';

const ID_LENGTH = 12;
/** 27 digits of base 62 are 160 bits. */
const SECRET_LENGTH = 27;
const CHECKSUM_LENGTH = 6;

const KEY = /^(rk_([0-9A-Za-z]{12})_[0-9A-Za-z]{27})_([0-9A-Za-z]{6})$/;

export interface MintedKey {
  id: string;
  /** `rk_<id>_<secret>_<checksum>`: shown to its owner once and kept nowhere. */
  key: string;
  /** What is stored. */
  secretHash: Buffer;
}

export interface ParsedKey {
  id: string;
  secretHash: Buffer;
}

export function mintApiKey(): MintedKey {
  const id = randomBase62(ID_LENGTH);
  const body = `rk_${id}_${randomBase62(SECRET_LENGTH)}`;
  const key = `${body}_${checksumOf(body)}`;
  return { id, key, secretHash: secretHashOf(key) };
}

/** Null for what cannot be a key, a mistyped one included: that needs no look into the database. */
export function parseApiKey(text: string): ParsedKey | null {
  const [, body, id, checksum] = KEY.exec(text) ?? [];
  if (body === undefined || id === undefined || checksumOf(body) !== checksum) return null;
  return { id, secretHash: secretHashOf(text) };
}

/** Where the id stands in every key; of other text, whatever stands there. */
export function keyIdOf(text: string): string {
  return text.slice('rk_'.length, 'rk_'.length + ID_LENGTH);
}

export function secretHashOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

function checksumOf(body: string): string {
  return toBase62(crc32(body), CHECKSUM_LENGTH);
}
