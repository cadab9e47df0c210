import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { type Check, readRepositoryFiles, type RepositoryFile } from './repository-files.js';

const README_LINES_MAX = 80;
const files = readRepositoryFiles().filter(({ path }) => path.endsWith('.md'));

const withoutBlocks = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, '');

const findUntitled: Check = (all) =>
  all
    .filter(({ text }) => {
      const titles = withoutBlocks(text).match(/^# .+$/gm) ?? [];
      return titles.length !== 1 || !text.startsWith('# ');
    })
    .map(({ path }) => path);

/** Links to other files of the repository that lead nowhere. */
const findBroken: Check = (all) =>
  all.flatMap(({ path, text }: RepositoryFile) =>
    [...withoutBlocks(text).matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(repositoryRoot, dirname(path), target)))
      .map((target) => `${path}: ${target}`),
  );

describe('every page', () => {
  it('has one title, first of all', () => {
    const pages = ['no title', '# One\n\n# Two', 'text\n# Late', '# One\n```sh\n# comment\n```\n'];
    expect(findUntitled(pages.map((text, index) => ({ path: `${index}.md`, text })))).toEqual([
      '0.md',
      '1.md',
      '2.md',
    ]);
    expect(findUntitled(files)).toEqual([]);
  });

  it('links to what is there', () => {
    const text = '# A\n[kept](../package.json) [lost](nowhere.md) [web](https://example.org)';
    expect(findBroken([{ path: 'docs/a.md', text }])).toEqual(['docs/a.md: nowhere.md']);
    expect(findBroken(files)).toEqual([]);
  });
});

describe('README.md', () => {
  it('fits on a page', () => {
    const readme = files.find(({ path }) => path === 'README.md');
    const lines = readme?.text.trimEnd().split('\n').length ?? Infinity;
    expect(lines).toBeLessThanOrEqual(README_LINES_MAX);
  });
});
