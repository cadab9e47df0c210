import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The `sh` blocks under the README's heading "Quickstart", in order. */
export function readQuickstart(): string[] {
  const readme = readFileSync(join(process.cwd(), 'README.md'), 'utf8');
  const [, section = ''] = /^## Quickstart$([\s\S]*?)(?=^## )/m.exec(readme) ?? [];
  return [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

/** Every line of a block that is a command of its own, without what explains it. */
export function commandsOf(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}
