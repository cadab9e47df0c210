import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { USAGE_PARTITIONS } from './topics.js';

/** What makes two deliveries the same usage event. Control characters are refused at the door, so NUL separates safely. */
export interface Identity {
  project: string;
  source: string;
  id: string;
}

const identityText = ({ project, source, id }: Identity): string => `${project}\0${source}\0${id}`;

/** 32 hex digits: the first half of the SHA-256 of (project, source, id). */
export function identityOf(identity: Identity): string {
  return hash('sha256', identityText(identity), 'hex').slice(0, 32);
}

/** The partition whose single writer decides about this identity. */
export function partitionOf(identity: Identity): number {
  return crc32(identityText(identity)) % USAGE_PARTITIONS;
}
