/** A program that the engines need and npm cannot bring. */
export type Requirement = 'java' | 'maven' | 'redis';

const names: Record<Requirement, string> = {
  java: 'Java 17 or newer (for Apache Kafka)',
  maven: 'Maven (fetches Apache Kafka)',
  redis: 'redis-server',
};

const packages: Record<'debian' | 'fedora' | 'macos', Record<Requirement, string>> = {
  debian: { java: 'default-jre-headless', maven: 'maven', redis: 'redis-server' },
  fedora: { java: 'java-latest-openjdk-headless', maven: 'maven', redis: 'redis' },
  macos: { java: 'openjdk', maven: 'maven', redis: 'redis' },
};

/** What to type to get the missing programs, on each system that we know. */
export function writeInstallAdvice(missing: Requirement[]): string {
  const list = (system: keyof typeof packages) =>
    missing.map((requirement) => packages[system][requirement]).join(' ');
  return [
    `Missing: ${missing.map((requirement) => names[requirement]).join(', ')}.`,
    'Install and start again:',
    `  Debian, Ubuntu:  sudo apt-get install ${list('debian')}`,
    `  Fedora:          sudo dnf install ${list('fedora')}`,
    `  macOS:           brew install ${list('macos')}`,
  ].join('\n');
}
