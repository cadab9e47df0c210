import { describe, expect, it } from '@jest/globals';
import { Sealer, SealingKeyMissing } from './sealer.js';

const OLD = `old:${'1'.repeat(64)}`;
const NEW = `new:${'2'.repeat(64)}`;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('Sealer', () => {
  it('opens what it sealed, each time in other bytes', () => {
    const sealer = new Sealer([OLD]);
    const sealed = sealer.seal(SECRET, 'whe_1');
    expect(sealed).toMatch(/^sealed:old:[\w-]+$/);
    expect(sealed).not.toContain('MfKQ9r8');
    expect(sealer.open(sealed, 'whe_1')).toBe(SECRET);
    expect(sealer.seal(SECRET, 'whe_1')).not.toBe(sealed);
  });

  it('opens nothing for another owner, under another key, or changed', () => {
    const sealer = new Sealer([OLD]);
    const sealed = sealer.seal(SECRET, 'whe_1');
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
    expect(sealer.open(sealed, 'whe_2')).toBeNull();
    expect(new Sealer([NEW]).open(sealed, 'whe_1')).toBeNull();
    expect(new Sealer([`old:${'3'.repeat(64)}`]).open(sealed, 'whe_1')).toBeNull();
    expect(sealer.open(changed, 'whe_1')).toBeNull();
    expect(sealer.open('sealed:old:', 'whe_1')).toBeNull();
  });

  it('changes keys: the new one seals, both open, and then the old one may go', () => {
    const sealed = new Sealer([OLD]).seal(SECRET, 'whe_1');
    const both = new Sealer([NEW, OLD]);
    expect(both.open(sealed, 'whe_1')).toBe(SECRET);
    const renewed = both.renew(sealed, 'whe_1');
    expect(renewed).toMatch(/^sealed:new:/);
    expect(both.renew(renewed, 'whe_1')).toBe(renewed);
    expect(new Sealer([NEW]).open(renewed, 'whe_1')).toBe(SECRET);
    expect(() => new Sealer([NEW]).renew(sealed, 'whe_1')).toThrow(SealingKeyMissing);
  });

  it('takes what was never sealed as it is, and seals it', () => {
    const sealer = new Sealer([OLD]);
    expect(sealer.open(SECRET, 'whe_1')).toBe(SECRET);
    expect(sealer.open(sealer.renew(SECRET, 'whe_1'), 'whe_1')).toBe(SECRET);
  });
});
