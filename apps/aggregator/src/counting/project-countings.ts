import { Inject, Injectable } from '@nestjs/common';
import { CountersSink } from './counters.sink.js';
import { type CountedStream, COUNTING_PORTS, type CountingPorts } from './counting.ports.js';
import { ProjectCounting } from './project-counting.js';

/** What counting knows of each project in each partition that is owned. A new owner's stream begins without any of it. */
@Injectable()
export class ProjectCountings {
  private readonly states = new WeakMap<CountedStream, Map<string, ProjectCounting>>();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingPorts,
    private readonly sink: CountersSink,
  ) {}

  of(stream: CountedStream, project: string): ProjectCounting {
    const states = this.states.get(stream) ?? new Map<string, ProjectCounting>();
    this.states.set(stream, states);
    const { cluster, partition } = stream.key;
    const owner = { cluster, partition, epoch: stream.epoch };
    const state = states.get(project) ?? new ProjectCounting(project, owner, this.ports, this.sink);
    states.set(project, state);
    return state;
  }
}
