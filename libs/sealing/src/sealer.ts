import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'sealed:';

/** What was sealed under a key that is not among the ones given. */
export class SealingKeyMissing extends Error {}

/**
 * Seals secrets that have to be read again, so that who reads the database alone has none of them: AES-256-GCM, under a key that
 * the database does not hold. What is sealed is bound to its owner, and opens nowhere else.
 */
export class Sealer {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: string;

  /** @param keys `id:hex` each; the first seals, all open. */
  constructor(keys: readonly string[]) {
    const pairs = keys.map((key) => key.split(':') as [string, string]);
    this.keys = new Map(pairs.map(([id, hex]) => [id, Buffer.from(hex, 'hex')]));
    this.current = pairs[0]?.[0] ?? '';
  }

  seal(secret: string, owner: string): string {
    const key = this.keys.get(this.current);
    if (key === undefined) throw new Error('there is no key to seal with');
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
    return `${PREFIX}${this.current}:${sealed}`;
  }

  /** Null when its key is not here, or it was sealed for another owner or changed since. What is not sealed is as it is. */
  open(sealed: string, owner: string): string | null {
    if (!sealed.startsWith(PREFIX)) return sealed;
    const [id = '', text = ''] = sealed.slice(PREFIX.length).split(':');
    const key = this.keys.get(id);
    if (key === undefined) return null;
    const bytes = Buffer.from(text, 'base64url');
    const iv = bytes.subarray(0, IV_BYTES);
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const opened = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  /**
   * The same secret under the key in force; what is sealed under it already stays as it is.
   * @throws SealingKeyMissing when it cannot be opened.
   */
  renew(sealed: string, owner: string): string {
    if (sealed.startsWith(`${PREFIX}${this.current}:`)) return sealed;
    const secret = this.open(sealed, owner);
    if (secret !== null) return this.seal(secret, owner);
    const id = sealed.slice(PREFIX.length).split(':')[0];
    throw new SealingKeyMissing(
      `a secret of ${owner} is sealed under the key ${id}, which SEALING_KEYS does not have as it was`,
    );
  }
}
