import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first executable of that name on PATH, as an absolute path. */
export function findProgram(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Javas that are installed beside the one on PATH: JAVA_HOME first, then where Linux, macOS and Homebrew put them. */
export function listInstalledJavas(): string[] {
  const homes = [
    process.env.JAVA_HOME ?? '',
    ...listFolder('/usr/lib/jvm'),
    ...listFolder('/Library/Java/JavaVirtualMachines').map((home) => join(home, 'Contents/Home')),
    '/opt/homebrew/opt/openjdk',
    '/usr/local/opt/openjdk',
  ];
  const onPath = findProgram('java');
  const installed = homes.filter((home) => home !== '').map((home) => join(home, 'bin', 'java'));
  return [...(onPath === undefined ? [] : [onPath]), ...installed.filter(isExecutable)];
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).map((entry) => join(folder, entry));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
