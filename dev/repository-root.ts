import { fileURLToPath } from 'node:url';

/** The absolute path of the checkout. This file runs as `dist/dev/repository-root.js`. */
export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
