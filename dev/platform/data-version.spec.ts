import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataVersionRefused, checkDataVersion } from './data-version.js';

describe('checkDataVersion', () => {
  let directory: string;
  let data: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'data-version-'));
    data = join(directory, 'data');
    mkdirSync(data);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('records the version of new data and accepts it the next time', () => {
    checkDataVersion(directory, data);
    expect(readFileSync(join(directory, 'data-version'), 'utf8')).toBe('1\n');
    mkdirSync(join(data, 'kafka'));
    expect(() => checkDataVersion(directory, data)).not.toThrow();
  });

  it('refuses newer data by its number and names the cure', () => {
    mkdirSync(join(data, 'kafka'));
    writeFileSync(join(directory, 'data-version'), '2\n');
    const check = () => checkDataVersion(directory, data);
    expect(check).toThrow(DataVersionRefused);
    expect(check).toThrow('is of version 2; this code reads version 1');
    expect(check).toThrow('npm start -- --fresh');
  });

  it('refuses data that has no version, and one that is not a number', () => {
    mkdirSync(join(data, 'kafka'));
    expect(() => checkDataVersion(directory, data)).toThrow('no version that can be read ("none")');
    writeFileSync(join(directory, 'data-version'), 'banana');
    expect(() => checkDataVersion(directory, data)).toThrow('("banana")');
  });
});
