import { describe, expect, it } from '@jest/globals';
import { type Check, findText, readRepositoryFiles } from './repository-files.js';

const SOURCES = /^(apps|libs|dev|bench)\/.*[.]ts$/;

/**
 * An error is written whole under `err` alone: under any other name it is `{}`. Wherever an entry of a log is made, what is
 * called an error must go there.
 */
const findOtherNames: Check = (files) =>
  findText(
    files,
    (path) => SOURCES.test(path),
    /\b\w*(?:logger|log)[.](?:trace|debug|info|warn|error|fatal)\(\s*\{[^}]*?\b(?:error|exception|reason: (?:error|exception)|cause)\b(?<!err: (?:error|exception))[^}]*?\}/i,
  );

describe('errors in the log', () => {
  it('are written under the name that is written whole', () => {
    const path = 'apps/a/src/a.ts';
    const wrong = [
      "this.logger.error({ error: exception, request_id: id }, 'failed');",
      "logger.warn({ error }, 'failed');",
      "logger.warn({ id, exception }, 'failed');",
      "logger.warn(\n  { id, cause: error },\n  'failed',\n);",
    ];
    const right = [
      "this.logger.error({ err: error, request_id: id }, 'failed');",
      "logger.warn({ err }, 'an error');",
      "logger.error({ id, reason: read.refused }, 'a record is none');",
    ];
    expect(wrong.filter((text) => findOtherNames([{ path, text }]).length === 0)).toEqual([]);
    expect(right.flatMap((text) => findOtherNames([{ path, text }]))).toEqual([]);
    expect(findOtherNames(readRepositoryFiles())).toEqual([]);
  });
});
