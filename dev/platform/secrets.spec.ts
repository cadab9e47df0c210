import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadOrCreateSecrets } from './secrets.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reckoner-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('loadOrCreateSecrets', () => {
  it('makes them once, each another one, for the owner only', () => {
    const secrets = loadOrCreateSecrets(file);
    const { databasePasswords, ...others } = secrets;
    const values = [...Object.values(others), ...Object.values(databasePasswords)];
    expect(new Set(values).size).toBe(values.length);
    for (const value of values) expect(value.length).toBeGreaterThanOrEqual(24);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadOrCreateSecrets(file)).toEqual(secrets);
  });

  it('keeps what an older version made and adds what it lacks', () => {
    const databasePasswords = { console: 'c' };
    const old = { postgresPassword: 'pw', databasePasswords, adminKey: 'admin', demoKey: 'demo' };
    writeFileSync(file, JSON.stringify(old), { mode: 0o644 });
    const secrets = loadOrCreateSecrets(file);
    expect(secrets).toMatchObject(old);
    expect(secrets.databasePasswords.billing.length).toBeGreaterThanOrEqual(24);
    expect(secrets.clickhousePassword).not.toBe(secrets.redisPassword);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(secrets);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
