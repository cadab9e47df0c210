import { describe, expect, it } from '@jest/globals';
import { BadOption, parseStartOptions } from './start-options.js';

describe('parseStartOptions', () => {
  it('listens on loopback at the documented ports by default', () => {
    const options = parseStartOptions([]);
    expect(options.host).toBe('127.0.0.1');
    expect(options.ports['ingest-api']).toBe(4_000);
    expect(options.ports.postgres).toBe(4_432);
    expect(options.fresh).toBe(false);
    expect(options.allowLiveStripe).toBe(false);
  });

  it('moves all ports, then single ones by their long or short names', () => {
    const { ports } = parseStartOptions([
      '--port-base',
      '7100',
      '--ingest-port=7000',
      '--redis-port',
      '7001',
    ]);
    expect(ports['ingest-api']).toBe(7_000);
    expect(ports.redis).toBe(7_001);
    expect(ports.console).toBe(7_101);
  });

  it.each([
    [['--kafka-port', 'many'], '--kafka-port needs a port'],
    [['--kafka-port', '0'], '--kafka-port needs a port'],
    [['--console-port', '4000'], 'Port 4000 is given to ingest-api and console'],
    [['--port-base', '6000'], 'Port 6000, meant for ingest-api, is one that browsers'],
    [['--frsh'], "Unknown option '--frsh'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseStartOptions(args)).toThrow(BadOption);
    expect(() => parseStartOptions(args)).toThrow(message);
  });
});
