import { describe, expect, it } from '@jest/globals';
import { optionsOf } from './options.js';

const PASSWORD = 'sixteen-or-more-of-them';

describe('optionsOf', () => {
  it('reads a full command line', () => {
    expect(optionsOf(['--data', '/d', '--port', '0', '--sessions', '2'], PASSWORD)).toEqual({
      data: '/d',
      port: 0,
      host: '127.0.0.1',
      password: PASSWORD,
      sessions: 2,
    });
  });

  it('names every fault at once', () => {
    expect(optionsOf(['--port', '70000', '--host', '0.0.0.0', '--sessions', '0'], 'short')).toEqual(
      {
        faults: [
          '--data <folder> is missing',
          '--port must be a number from 0 to 65535',
          '--sessions must be a number from 1 to 64',
          '--host must be a loopback address: passwords would travel in the clear',
          'CLICKHOUSE_PASSWORD must have at least 16 characters',
        ],
      },
    );
  });
});
