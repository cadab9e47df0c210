import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The blocks of one language under a heading of the second level of a page, in order. */
export function readBlocks(page: string, heading: string, language: string): string[] {
  const text = readFileSync(join(process.cwd(), page), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...section.matchAll(blocks)].map(([, block = '']) => block);
}

/** Every line of a block that is a command of its own, without what explains it. */
export function commandsOf(block: string): string[] {
  return block
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}
