import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './plain-error.mjs';

const OLDEST = [20, 19];
const RUNTIME_MAJOR = 24;

/** Throws when this Node is too old even to install with. */
export function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new PlainError(
    `Node ${process.versions.node} is too old: this needs Node ${OLDEST.join('.')} or newer (https://nodejs.org).`,
  );
}

/** The Node that the platform runs on: the one that npm brought, or this one when it is new enough. */
export function findRuntime(root) {
  const brought = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= RUNTIME_MAJOR) return process.execPath;
  throw new PlainError(
    `npm brought no Node ${RUNTIME_MAJOR} for ${process.platform}-${process.arch}: install Node ${RUNTIME_MAJOR} and try again.`,
  );
}
