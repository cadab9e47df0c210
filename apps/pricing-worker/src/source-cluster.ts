import { Injectable } from '@nestjs/common';
import { ClusterView } from '#kafka';

/**
 * The id of the cluster that records come from: part of their position. A rebuilt cluster at the same address has
 * another, and reading it begins with a new generation, so the id is asked for once in each.
 */
@Injectable()
export class SourceCluster {
  private known: { generation: number; id: string } | null = null;

  constructor(private readonly view: ClusterView) {}

  /** @throws when the cluster does not answer. */
  async idIn(generation: number): Promise<string> {
    if (this.known?.generation !== generation) {
      this.known = { generation, id: await this.view.clusterId() };
    }
    return this.known.id;
  }
}
