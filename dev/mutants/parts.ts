import { globSync } from 'node:fs';
import { sep } from 'node:path';
import { repositoryRoot } from '../repository-root.js';

/** The libraries that only compute. */
const LIBRARIES = ['money', 'rating', 'contracts', 'windows', 'watches', 'invoicing'];

/** A piece of the code that is mutated as a whole, and the specs that have to notice. Globs from the repository's root. */
export interface Part {
  name: string;
  mutate: string[];
  specs: string[];
}

/** The pure libraries, and the steps of every app under the name of the app. */
export function listParts(): Part[] {
  const steps = globSync('apps/*/src/**/steps/*.ts', { cwd: repositoryRoot });
  const apps = [...new Set(steps.map((path) => path.split(sep)[1]!))].sort();
  return [
    ...LIBRARIES.map((name) => partOf(name, `libs/${name}/src/**/*.ts`, `libs/${name}`)),
    ...apps.map((name) => partOf(name, `apps/${name}/src/**/steps/*.ts`, `apps/${name}`)),
  ];
}

function partOf(name: string, sources: string, folder: string): Part {
  const mutate = [sources, '!**/*.spec.ts', '!**/*.test.ts'];
  return { name, mutate, specs: [`<rootDir>/dist/${folder}/**/*.spec.js`] };
}
