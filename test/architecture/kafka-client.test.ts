import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type Violation } from './cruise.js';
import { type Check, findText, readRepositoryFiles } from './repository-files.js';
import { SampleTree } from './sample-tree.js';

/** Also what no cruiser follows: `require` and `import()` of kafkajs' inner files. */
const findClients: Check = (files) =>
  findText(
    files,
    (path) =>
      /^(apps|libs|dev|test|bench)\/.*[.](ts|mjs)$/.test(path) &&
      !/^(libs\/kafka\/src\/client|test\/architecture)\//.test(path),
    /['"`]kafkajs(\/[^'"`]*)?['"`]/,
  );

const SESSIONS = "import type { Producer } from 'kafkajs'; export type Copy = Producer;";
const samples: Record<string, string> = {
  'libs/kafka/src/index.ts': "export * from './envelope-producer.js';",
  'libs/kafka/src/envelope-producer.ts':
    "import './client/writes.js'; import type { S } from './client/sessions.js'; export type T = S;",
  'libs/kafka/src/client/writes.ts': "import './kafkajs/producer-session.js';",
  'libs/kafka/src/client/sessions.ts': 'export type S = string;',
  'libs/kafka/src/client/kafkajs/producer-session.ts': SESSIONS,
};
const planted: Record<string, string> = {
  'libs/kafka/src/planted-type.ts': SESSIONS,
  'libs/kafka/src/planted-value.engine.test.ts': "import kafkajs from 'kafkajs'; kafkajs;",
  'libs/kafka/src/planted-session.ts':
    "import type { Copy } from './client/kafkajs/producer-session.js'; export type T = Copy;",
};

describe('the Kafka client', () => {
  const tree = new SampleTree();
  let found: Violation[] = [];

  beforeAll(async () => {
    tree.write({ ...samples, ...planted });
    found = await cruise(tree, ['libs']);
  }, 60_000);

  afterAll(() => tree.remove());

  const finders = (rule: string) =>
    found.filter(({ rule: { name } }) => name === rule).map(({ from }) => from);

  it('is imported behind its door alone, types included', () => {
    expect(finders('one-door-to-kafka').sort()).toEqual([
      'libs/kafka/src/planted-type.ts',
      'libs/kafka/src/planted-value.engine.test.ts',
    ]);
  });

  it('is reached by its sessions and by those that are in use alone', () => {
    expect(finders('kafka-client-by-its-door')).toEqual(['libs/kafka/src/planted-session.ts']);
  });

  it('is loaded nowhere else by its name', () => {
    const texts = [
      "import kafkajs from 'kafkajs';",
      "const queue = require('kafkajs/src/network/requestQueue');",
      "type Admin = import('kafkajs').Admin;",
    ].map((text) => ({ path: 'libs/kafka/src/a.ts', text }));
    expect(findClients(texts)).toHaveLength(texts.length);
    expect(findClients(readRepositoryFiles())).toEqual([]);
  });
});
