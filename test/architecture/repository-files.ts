import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '../../dev/repository-root.js';

export interface RepositoryFile {
  /** From the root, with forward slashes. */
  path: string;
  text: string;
}

/** Says what is wrong with a set of files, one line each; empty when nothing is. */
export type Check = (files: readonly RepositoryFile[]) => string[];

const SOURCE_FOLDERS = ['apps', 'libs', 'dev', 'test', 'bench', 'docs'];
const TEXT = /[.](ts|mjs|cjs|js|json|sql|lua|md|xml|properties|html|css|tsx|yml)$/;

/** Every text file that was written by hand: the source folders and the files at the root. */
export function readRepositoryFiles(root = repositoryRoot): RepositoryFile[] {
  const atRoot = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'package-lock.json')
    .map(({ name }) => join(root, name));
  const inFolders = SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [...atRoot, ...inFolders]
    .filter((path) => TEXT.test(path) && !path.includes('/node_modules/'))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
}

export const isTest = (path: string): boolean =>
  path.startsWith('test/') || /[.](spec|test)[.]ts$/.test(path);

/** Finds `pattern` in the files that `belongs` chooses, and reports path and line. */
export function findText(
  files: readonly RepositoryFile[],
  belongs: (path: string) => boolean,
  pattern: RegExp,
): string[] {
  return files
    .filter(({ path }) => belongs(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))].map(
        ({ index, 0: found }) =>
          `${path}:${text.slice(0, index).split('\n').length}: ${found.trim()}`,
      ),
    );
}
