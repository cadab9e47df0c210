import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The names of all failpoints in the source of an app, or of one folder of it, in the order of its files: a new one cannot be forgotten. */
export function sourceFailpoints(app: string, part = ''): string[] {
  const folder = join(process.cwd(), 'apps', app, 'src', part);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|engine)\.ts$/.test(file))
    .sort();
  const names = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/failpoint\('([^']+)'\)/g)].map(
      ([, name]) => name!,
    ),
  );
  return [...new Set(names)];
}
