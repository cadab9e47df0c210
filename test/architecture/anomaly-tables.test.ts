import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { detectionReport } from '../../bench/anomalies/detection-report.js';
import { repositoryRoot } from '../../dev/repository-root.js';

/** The tables of a page's section, one text each. */
function readTables(page: string, title: string): string[] {
  const [, section = ''] = page.split(`\n## ${title}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n\n')
    .filter((part) => part.startsWith('| '))
    .map((part) => part.trim());
}

describe('docs/anomalies.md', () => {
  it('is read by its tables', () => {
    const page = '# A\n\n## B\n\nText.\n\n| a |\n| - |\n\n| b |\n| - |\n\n## C\n\n| c |\n';
    expect(readTables(page, 'B')).toEqual(['| a |\n| - |', '| b |\n| - |']);
  });

  it('says how well anomalies are found as it is measured now', () => {
    const page = readFileSync(join(repositoryRoot, 'docs', 'anomalies.md'), 'utf8');
    expect(readTables(page, 'How well it finds them')).toEqual(detectionReport().split('\n\n'));
  });
});
