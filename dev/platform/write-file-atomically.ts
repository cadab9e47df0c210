import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole: a reader sees the old content or the new one. Readable by its owner only. */
export function writeFileAtomically(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}
