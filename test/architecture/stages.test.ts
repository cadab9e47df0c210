import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import { appNames } from '../../dev/platform/apps.js';
import { repositoryRoot } from '../../dev/repository-root.js';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

const files = readRepositoryFiles();
const apps = readdirSync(join(repositoryRoot, 'apps'));
/** The console answers requests, one folder a resource; the others are stages. */
const stages = apps.filter((app) => app !== 'console');

const findMissingParts = (paths: readonly string[], app: string): string[] =>
  [`README.md`, `src/main.ts`, `src/${app}.module.ts`, `src/${app}.config.ts`]
    .map((part) => `apps/${app}/${part}`)
    .filter((path) => !paths.includes(path));

/** What reaches another system and changes it there. */
const WRITING =
  /\b(EnvelopeProducer|insertUsageRaw|insertUsageSetAside|insertIdentities|correctRollups|removeRepeated|StripeInvoices|StripeCustomers)\b/;
/** The sink; the wiring that hands it its means, of a process and of the command that audits. */
const MAY_NAME_WRITING = /([.](sink|module)|[/]src[/]audit)[.]ts$/;

const findWritersBesideTheSink: Check = (all) =>
  findText(
    all,
    (path) =>
      stages.some((app) => path.startsWith(`apps/${app}/src/`)) &&
      !isTest(path) &&
      !MAY_NAME_WRITING.test(path),
    new RegExp(`^import \\{[^}]*${WRITING.source}[^}]*\\} from '#`, 'm'),
  );

const textOf = (app: string): string =>
  files
    .filter(({ path }) => path.startsWith(`apps/${app}/src/`) && !isTest(path))
    .map(({ text }) => text)
    .join('\n');

describe('apps', () => {
  it('are the folders that are started', () => {
    expect([...appNames].sort()).toEqual([...apps].sort());
  });

  it.each(apps)('%s has its page, its bootstrap, its wiring and its environment', (app) => {
    const paths = files.map(({ path }) => path);
    expect(findMissingParts([], app)).toHaveLength(4);
    expect(findMissingParts(paths, app)).toEqual([]);
  });

  it('write in their sinks alone', () => {
    const text =
      "import { type Logger } from '#platform';\nimport { EnvelopeProducer } from '#kafka';";
    const path = 'apps/aggregator/src/aggregator.pipeline.ts';
    expect(findWritersBesideTheSink([{ path, text }])).toHaveLength(1);
    expect(findWritersBesideTheSink(files)).toEqual([]);
  });
});

describe.each(Object.entries(TOPICS))('topic %s', (name, topic) => {
  const sends = new RegExp(`topic: TOPICS[.]${name}(?![.\\w])`);
  const handles = new RegExp(`@EventPattern\\(TOPICS[.]${name}[.]name\\)`);

  it('is written by the apps that it declares', () => {
    const writers = apps.filter((app) => sends.test(textOf(app)));
    expect(writers.sort()).toEqual([...topic.writers].sort());
  });

  it('is handled by the apps that it declares', () => {
    const readers = apps.filter((app) => handles.test(textOf(app)));
    expect(readers.sort()).toEqual([...topic.readers].sort());
  });
});
