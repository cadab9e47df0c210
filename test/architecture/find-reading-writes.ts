import { dirname, join } from 'node:path';
import { findText, type RepositoryFile } from './repository-files.js';

/** How each system is changed, as its library has to write it. */
const WRITING: Record<string, RegExp> = {
  clickhouse:
    /[.](insert|command)\(\s*\{|[.]exec\(\{\s*query:(?!\s*['"`]\s*SELECT\b)|\bINSERT INTO\b/,
  kafka:
    /[.](send|produce|createTopics?|deleteTopics?|createPartitions|alterConfigs|replaceTopicSettings)\(/,
  postgres:
    /[.](insertInto|updateTable|deleteFrom|mergeInto)\(|\b(INSERT INTO|DELETE FROM|MERGE INTO|UPDATE \w+ SET|(CREATE|ALTER|DROP|TRUNCATE) (TABLE|DATABASE|SEQUENCE))\b/,
  redis:
    /\bredis[.](set|del|unlink|hset|hdel|srem|sadd|p?expire|rpush|ltrim|rename\w*|eval\w*|flushall)\(|new RedisScript\(/,
  stripe:
    /[.](create|update|del|pay|addLines|updateLines|removeLines|finalizeInvoice|voidInvoice|sendInvoice)\(/,
};
const SYSTEMS = Object.keys(WRITING);
/** A client, or what stands for one, can write: whether it is asked to is seen where it is used. */
const CLIENTS = /^libs\/kafka\/src\/client\//;

/**
 * Writes in what the index of an adapter library leads to. Files that it names for their types alone do not count:
 * types are gone when the program runs.
 */
export function findWritesBehindIndexes(files: readonly RepositoryFile[]): string[] {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  return SYSTEMS.flatMap((system) => {
    const reached = reachedFrom(`libs/${system}/src/index.ts`, texts);
    return findText(files, (path) => reached.has(path) && !CLIENTS.test(path), WRITING[system]!);
  });
}

/** Writes by hand on a connection that an app holds. */
export function findWritesByHand(files: readonly RepositoryFile[]): string[] {
  const inApps = (path: string) => /^apps\/.*[.]ts$/.test(path) && !/[.]spec[.]ts$/.test(path);
  return findText(
    files,
    inApps,
    /[.](insertInto|updateTable|deleteFrom|mergeInto)\(|\b(clickhouse|client)[.](insert|exec|command)\(|\bredis[.](set|del|unlink|hset|hdel|srem|sadd|p?expire|rpush|ltrim|rename\w*|eval\w*)\(|\bstripe[.]\w+[.](create|update|del|addLines|finalizeInvoice)\(/,
  );
}

const FROM = /^(?:import|export)\s(?!type\b)([^;]*?)\sfrom '([^']+)';/gms;

function reachedFrom(entry: string, texts: ReadonlyMap<string, string>): Set<string> {
  const reached = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = texts.get(path);
    if (text === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const [, names = '', specifier = ''] of text.matchAll(FROM)) {
      if (specifier.startsWith('.') && !onlyTypes(names))
        waiting.push(join(dirname(path), specifier.replace(/[.]js$/, '.ts')));
    }
  }
  return reached;
}

function onlyTypes(names: string): boolean {
  const listed = /^\{(.*)\}$/s.exec(names.trim())?.[1];
  if (listed === undefined) return false;
  const parts = listed.split(',').filter((name) => name.trim() !== '');
  return parts.every((name) => name.trim().startsWith('type '));
}
