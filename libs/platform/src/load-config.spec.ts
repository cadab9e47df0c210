import { afterEach, describe, expect, it } from '@jest/globals';
import { IsArray, IsBoolean, IsInt, IsUrl, Max } from 'class-validator';
import { ConfigError, environmentNames, loadConfig } from './load-config.js';

class SampleConfig {
  @IsInt()
  @Max(10)
  batchSizeMax = 3;

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http'] })
  sampleUrl!: string;

  @IsBoolean()
  allowSample = false;

  @IsArray()
  sampleBrokers: string[] = [];
}

afterEach(() => {
  for (const name of environmentNames(SampleConfig)) delete process.env[name];
});

describe('loadConfig', () => {
  it('reads each property from its variable, in its type', () => {
    Object.assign(process.env, {
      SAMPLE_URL: 'http://localhost:1',
      BATCH_SIZE_MAX: '7',
      ALLOW_SAMPLE: 'true',
      SAMPLE_BROKERS: 'a:1, b:2',
    });
    expect(Object.assign({}, loadConfig(SampleConfig))).toEqual({
      batchSizeMax: 7,
      sampleUrl: 'http://localhost:1',
      allowSample: true,
      sampleBrokers: ['a:1', 'b:2'],
    });
  });

  it('keeps the default of an absent or empty variable', () => {
    Object.assign(process.env, { SAMPLE_URL: 'http://localhost:1', BATCH_SIZE_MAX: '' });
    expect(loadConfig(SampleConfig).batchSizeMax).toBe(3);
  });

  it('names every wrong variable at once and shows no value', () => {
    Object.assign(process.env, {
      SAMPLE_URL: 'secret-text',
      BATCH_SIZE_MAX: 'seven',
      ALLOW_SAMPLE: 'yes',
    });
    let problems: string[] = [];
    try {
      loadConfig(SampleConfig);
    } catch (error) {
      problems = (error as ConfigError).problems;
    }
    const named = new Set(problems.map((problem) => problem.split(':')[0]));
    expect(named).toEqual(new Set(['SAMPLE_URL', 'BATCH_SIZE_MAX', 'ALLOW_SAMPLE']));
    expect(problems.join()).not.toContain('secret-text');
  });
});
