import { afterEach, describe, expect, it } from '@jest/globals';
import {
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Max,
  ValidateNested,
} from 'class-validator';
import { ConfigError, environmentNames, loadConfig } from './load-config.js';

class SampleStore {
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http'] })
  url = 'http://localhost:9';

  @IsOptional()
  @IsString()
  userName?: string;
}

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

  @ValidateNested()
  sampleStore = new SampleStore();
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
      SAMPLE_STORE_USER_NAME: 'me',
    });
    expect(Object.assign({}, loadConfig(SampleConfig))).toEqual({
      batchSizeMax: 7,
      sampleUrl: 'http://localhost:1',
      allowSample: true,
      sampleBrokers: ['a:1', 'b:2'],
      sampleStore: { url: 'http://localhost:9', userName: 'me' },
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
      SAMPLE_STORE_URL: 'other-secret',
    });
    let problems: string[] = [];
    try {
      loadConfig(SampleConfig);
    } catch (error) {
      problems = (error as ConfigError).problems;
    }
    const named = new Set(problems.map((problem) => problem.split(':')[0]));
    expect(named).toEqual(
      new Set(['SAMPLE_URL', 'BATCH_SIZE_MAX', 'ALLOW_SAMPLE', 'SAMPLE_STORE_URL']),
    );
    expect(problems).toContain('SAMPLE_STORE_URL: the value must be a URL address');
    expect(problems.join()).not.toContain('secret-text');
    expect(problems.join()).not.toContain('other-secret');
  });
});
