import { describe, expect, it } from '@jest/globals';
import { writeInstallAdvice } from './install-advice.js';

describe('writeInstallAdvice', () => {
  it('names what is missing, and only that, for each system', () => {
    expect(writeInstallAdvice(['java', 'redis']).split('\n')).toEqual([
      'Missing: Java 17 or newer (for Apache Kafka), redis-server.',
      'Install and start again:',
      '  Debian, Ubuntu:  sudo apt-get install default-jre-headless redis-server',
      '  Fedora:          sudo dnf install java-latest-openjdk-headless redis',
      '  macOS:           brew install openjdk redis',
    ]);
  });
});
