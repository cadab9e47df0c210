import { describe, expect, it } from '@jest/globals';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

const files = readRepositoryFiles();
const outside = (path: string): boolean =>
  /^(apps|libs)\/(?!(testing|samples|meters)\/).*[.]ts$/.test(path) && !isTest(path);

/** Of measures alone: `events` and `requests` are names of much else. */
const NAME = `['"\`](cost|tokens|errors|latency_\\w*)['"\`]`;
/** What holds the name of a measure, wherever that lies. */
const HOLDER = '(?<![\\w$])(on|measure)';
const EQUALS = '[!=]==?';

const INTERPRETED = [
  `${EQUALS}\\s*${NAME}`,
  `${NAME}\\s*${EQUALS}`,
  `\\bcase\\s+${NAME}\\s*:`,
  `${HOLDER}\\s*${EQUALS}\\s*['"\`]`,
  `['"\`]\\s*${EQUALS}\\s*([\\w$]+[.])*${HOLDER}\\b`,
  `\\bswitch\\s*\\(([\\w$]+[.])*${HOLDER}\\)`,
  `${HOLDER}[.](startsWith|endsWith|includes|match)\\(`,
  `[.](includes|has|get)\\(([\\w$]+[.])*${HOLDER}\\)`,
  `\\b(?!METERS\\b)[A-Z][A-Z_]+\\[([\\w$]+[.])*${HOLDER}\\]`,
  `\\[[^\\]]*${NAME}[^\\]]*\\](\\s+as\\s+[^;.]*\\))?[.](includes|some|find)\\(`,
].join('|');

const findInterpreted: Check = (all) => findText(all, outside, new RegExp(INTERPRETED));

describe('what a measure means', () => {
  it('is said in libs/meters alone', () => {
    const samples = [
      "if (budget.on !== 'cost') return null;",
      "if ('requests' === rate.on) return 0;",
      "const show = measure == 'tokens' ? String : dollars;",
      'switch (watch.on) { default: break; }',
      "switch (name) { case 'latency_p95': break; }",
      "const isLevel = name === 'errors';",
      "const isLatency = on.startsWith('latency_');",
      'const share = PERCENTILES[rate.on];',
      'const isWhole = WHOLE_COUNTS.includes(on);',
      "const isSum = ['cost', 'tokens'].includes(name);",
    ].map((text) => ({ path: 'apps/a/src/a.ts', text }));
    expect(samples.map((sample) => findInterpreted([sample]).length)).toEqual(samples.map(() => 1));
    const kept = [
      { path: 'apps/a/src/a.ts', text: 'const { unit } = METERS[rate.on];' },
      { path: 'apps/a/src/b.ts', text: "redis.on('error', log); if (state === 'closed') stop();" },
      { path: 'libs/meters/src/a.ts', text: "if (on === 'cost') return 1;" },
      { path: 'apps/a/src/a.spec.ts', text: "if (on === 'cost') return 1;" },
    ];
    expect(findInterpreted(kept)).toEqual([]);
    expect(findInterpreted(files)).toEqual([]);
  });
});
