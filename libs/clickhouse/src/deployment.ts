/** What differs in the tables between one server and several: the words that stand for `${...}` in a migration. */
export interface Deployment {
  on_cluster: string;
  /** Goes before the name of an engine. */
  replicated: string;
  deduplication_window: string;
}

export const oneNode: Deployment = {
  on_cluster: '',
  replicated: '',
  deduplication_window: 'non_replicated_deduplication_window',
};

/** Replicated tables count the window in blocks and in seconds, whichever ends first: a week, so that blocks decide. */
const SECONDS_OF_WINDOW = 604_800;

/**
 * Not tried on a cluster yet: before it is, records of migrations need a quorum, and inserts under way are to be looked for on every server.
 *
 * Tables on every server of a cluster, which its configuration names; paths in Keeper are the server's `default_replica_path`.
 * @throws when the name is not plain.
 */
export function replicatedOn(cluster: string): Deployment {
  if (!/^[A-Za-z]\w*$/.test(cluster)) throw new Error(`not a plain name of a cluster: ${cluster}`);
  return {
    on_cluster: `ON CLUSTER ${cluster}`,
    replicated: 'Replicated',
    deduplication_window: `replicated_deduplication_window_seconds = ${SECONDS_OF_WINDOW}, replicated_deduplication_window`,
  };
}

/** @throws when the statement has a placeholder that no deployment fills. */
export function renderStatement(statement: string, deployment: Deployment): string {
  return statement.replaceAll(/\$\{(\w+)\}/g, (placeholder, name: string) => {
    const words = new Map<string, string>(Object.entries(deployment)).get(name);
    if (words === undefined) throw new Error(`nothing is known to stand for ${placeholder}`);
    return words;
  });
}
