import { setTimeout } from 'node:timers/promises';
import { type Topic, TOPICS } from '#contracts';
import { type Logger } from '#platform';
import { ClusterView } from './cluster-view.js';

export interface WiringOptions {
  app: string;
  brokers: readonly string[];
  logger: Logger;
  /** Default: the table of topics. */
  topics?: readonly Topic[];
  /** How long brokers that do not answer are waited for. Default 15000. */
  patienceMs?: number;
}

const PATIENCE_MS = 15_000;
const PAUSE_MS = 250;

/**
 * Throws, naming every problem, when this app has no place in the table of topics, or a topic that it reads or writes
 * is missing or has another partition count than declared. Waits for brokers that are still starting.
 */
export async function assertWiring(options: WiringOptions): Promise<void> {
  const view = new ClusterView(options);
  try {
    const existing = await partitionCounts(view, options.patienceMs ?? PATIENCE_MS);
    refuse(
      options.app,
      topicProblems(options.app, options.topics ?? Object.values(TOPICS), existing),
    );
  } finally {
    await view.close();
  }
}

/** Throws unless the app reads each of these topics, and has exactly one handler for each and none for another. */
export function assertHandlers(
  app: string,
  topics: readonly Topic[],
  handlerCounts: ReadonlyMap<string, number>,
): void {
  const subscribed = new Set(topics.map(({ name }) => name));
  refuse(app, [
    ...topics
      .filter(({ readers }) => !readers.includes(app))
      .map(({ name }) => `it is not declared as a reader of ${name}`),
    ...[...subscribed]
      .filter((name) => handlerCounts.get(name) !== 1)
      .map((name) => `${name} has ${handlerCounts.get(name) ?? 0} handlers, needs one`),
    ...[...handlerCounts.keys()]
      .filter((name) => !subscribed.has(name))
      .map((name) => `a handler waits for ${name}, which is not subscribed`),
  ]);
}

function topicProblems(
  app: string,
  topics: readonly Topic[],
  existing: ReadonlyMap<string, number>,
): string[] {
  const own = topics.filter(({ readers, writers }) => [...readers, ...writers].includes(app));
  if (own.length === 0) return ['it neither reads nor writes any topic'];
  return own
    .filter(({ name, partitions }) => existing.get(name) !== partitions)
    .map(({ name, partitions }) =>
      existing.has(name)
        ? `${name} has ${existing.get(name)} partitions, must have ${partitions}`
        : `${name} does not exist`,
    );
}

async function partitionCounts(
  view: ClusterView,
  patienceMs: number,
): Promise<Map<string, number>> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    try {
      return await view.partitionCounts();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await setTimeout(PAUSE_MS);
    }
  }
}

function refuse(app: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`wrong wiring of ${app}: ${problems.join('; ')}`);
}
