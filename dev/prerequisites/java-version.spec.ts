import { describe, expect, it } from '@jest/globals';
import { parseJavaVersion } from './java-version.js';

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "25" 2025-09-16', 25],
    ['openjdk version "24-ea" 2025-03-18', 24],
  ])('reads %j', (output, version) => {
    expect(parseJavaVersion(output)).toBe(version);
  });

  it('does not mistake the stub of macOS for a Java', () => {
    const stub = 'The operation couldn’t be completed. Unable to locate a Java Runtime.';
    expect(parseJavaVersion(stub)).toBeUndefined();
  });
});
