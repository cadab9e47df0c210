import type { Progress } from '../progress.js';
import type { ProcessSpec } from '../supervision/process-spec.js';
import { SupervisedProcess } from '../supervision/supervised-process.js';
import type { ProcessRegister } from './process-register.js';
import { describeExit } from './wait-until-ready.js';

/** The supervised processes of one platform by name, recorded on disk and told about when they end unasked. */
export class ProcessGroup {
  private readonly processes = new Map<string, SupervisedProcess>();

  constructor(
    private readonly register: ProcessRegister,
    private readonly progress: Progress,
    private readonly onChange: () => void,
  ) {}

  add(spec: ProcessSpec): SupervisedProcess {
    if (this.processes.has(spec.name)) throw new Error(`there is a process ${spec.name} already`);
    const supervised = new SupervisedProcess(spec);
    this.processes.set(spec.name, supervised);
    supervised.on('started', (pid) => {
      this.register.add(spec.name, pid, spec.stopSignal);
      this.onChange();
    });
    supervised.on('exited', (exit, restartInMs) => {
      this.register.remove(spec.name);
      if (restartInMs === undefined) return;
      const again = `starting it again in ${restartInMs / 1000} s`;
      this.progress.say(
        `  !    ${spec.name} ${describeExit(exit)}; ${again} (log: ${spec.logFile})`,
      );
    });
    return supervised;
  }

  get(name: string): SupervisedProcess {
    const supervised = this.processes.get(name);
    if (supervised === undefined) throw new Error(`there is no process ${name}`);
    return supervised;
  }

  list(): SupervisedProcess[] {
    return [...this.processes.values()];
  }

  /** Stops the named ones together and waits until all are gone. */
  async stop(names: readonly string[]): Promise<void> {
    const named = names.flatMap((name) => this.processes.get(name) ?? []);
    await Promise.all(named.map((supervised) => supervised.stop()));
  }
}
