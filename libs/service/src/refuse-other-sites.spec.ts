import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { refuseOtherSites } from './refuse-other-sites.js';

const refuses = (listening: string, headers: IncomingHttpHeaders): boolean => {
  try {
    refuseOtherSites(listening, headers);
    return false;
  } catch {
    return true;
  }
};

describe('refuseOtherSites', () => {
  it.each([
    { host: '127.0.0.1:4000' },
    { host: 'localhost:4000' },
    { host: '[::1]:4000' },
    // The API page asks its own address.
    { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:4000' },
  ])('lets %j in on loopback', (headers) => {
    expect(refuses('127.0.0.1', headers)).toBe(false);
  });

  it.each([
    // A name of somebody else that leads here.
    { host: 'evil.example:4000' },
    { host: 'evil.example:4000', origin: 'http://evil.example:4000' },
    { host: '127.0.0.1.evil.example:4000' },
    { host: '' },
    { host: '127.0.0.1:4000', origin: 'https://evil.example' },
    { host: '127.0.0.1:4000', origin: 'http://127.0.0.1:8080' },
    { host: '127.0.0.1:4000', origin: 'null' },
  ])('refuses %j on loopback', (headers) => {
    expect(refuses('127.0.0.1', headers)).toBe(true);
  });

  it('knows no names of an address that others reach, and refuses other origins there too', () => {
    const host = 'usage.example';
    expect(refuses('0.0.0.0', { host })).toBe(false);
    expect(refuses('0.0.0.0', { host, origin: 'https://usage.example' })).toBe(false);
    expect(refuses('0.0.0.0', { host, origin: 'https://evil.example' })).toBe(true);
  });
});
