import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '#contracts';
import { repositoryRoot } from '../../dev/repository-root.js';

interface Described {
  type: string;
  summary: string;
  schema: unknown;
  example: unknown;
}

/** The events of a page: below `## Events`, one `###` each with a sentence and two blocks of JSON. */
function readEvents(page: string): Described[] {
  const [, events = ''] = page.split('\n## Events\n');
  return events
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [type = '', , summary = ''] = section.split('\n');
      const [schema, example] = [...section.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(
        ([, json = '']) => JSON.parse(json) as unknown,
      );
      return { type, summary, schema, example };
    });
}

describe('docs/webhooks.md', () => {
  it('is read as it is written', () => {
    const page =
      '# A\n\n## Events\n\n### a.b\n\nOnce.\n\nS:\n\n```json\n{"a": 1}\n```\n\nE:\n\n```json\n{}\n```\n';
    expect(readEvents(page)).toEqual([
      { type: 'a.b', summary: 'Once.', schema: { a: 1 }, example: {} },
    ]);
  });

  it('describes every type of event as the code does', () => {
    const page = readFileSync(join(repositoryRoot, 'docs', 'webhooks.md'), 'utf8');
    expect(readEvents(page)).toEqual(JSON.parse(JSON.stringify(EVENT_TYPES)));
  });
});
