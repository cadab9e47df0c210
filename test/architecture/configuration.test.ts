import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { environmentDefaults, ServiceConfig } from '#platform';
import { repositoryRoot } from '../../dev/repository-root.js';
import { SetupConfig } from '../../dev/setup.config.js';
import { appConfigs } from './app-configs.js';

const page = readFileSync(join(repositoryRoot, 'docs/configuration.md'), 'utf8');

/** The variables of a section's table, each with what its second column says. */
function readTable(text: string, title: string): Record<string, string> {
  const [, section = ''] = text.split(`\n## ${title}\n`);
  const [own = ''] = section.split('\n## ');
  const rows = [...own.matchAll(/^\| `([A-Z_]+)` *\| ([^|]+?) *\|/gm)];
  return Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
}

/** The variables that a class reads, each with its default as the page writes it. */
function readClass(config: new () => object): Record<string, string> {
  const entries = Object.entries(environmentDefaults(config)).map(([name, value]) => [
    name,
    value === undefined ? 'none' : `\`${String(value)}\``,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

const shared = readClass(ServiceConfig);

/** A class cannot tell what may be absent from what must be given; the page does, and both have no default. */
const withoutRequired = (table: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(table).map(([name, value]) => [name, value === 'required' ? 'none' : value]),
  );

describe('docs/configuration.md', () => {
  it('is read by its tables', () => {
    const text =
      '# A\n\n## b\n\n| `NAME_A` | `1` | x |\n| `NAME_B` | required | |\n\n## c\n| `NAME_C` | none | |\n';
    expect(readTable(text, 'b')).toEqual({ NAME_A: '`1`', NAME_B: 'required' });
  });

  it('has what every process reads', () => {
    expect(readTable(page, 'Every process')).toEqual(shared);
  });

  it.each(Object.entries(appConfigs))('has what %s reads, with its defaults', (app, config) => {
    const own = Object.entries(readClass(config)).filter(([name]) => !(name in shared));
    expect(withoutRequired(readTable(page, app))).toEqual(Object.fromEntries(own));
  });

  it('has what the set-up reads, with its defaults', () => {
    expect(withoutRequired(readTable(page, 'setup'))).toEqual(readClass(SetupConfig));
  });
});
