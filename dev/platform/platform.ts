import { rmSync } from 'node:fs';
import type { Progress } from '../progress.js';
import type { SupervisedProcess } from '../supervision/supervised-process.js';
import {
  appNames,
  describeApp,
  writeAppEnvironment,
  type AppName,
  type AppSurroundings,
} from './apps.js';
import { describeEngines } from './engines.js';
import type { EngineNodes } from './engine-nodes.js';
import { joinNodes } from './join-nodes.js';
import type { DirectoryClaim } from './directory-claim.js';
import type { PlatformDirectory } from './platform-directory.js';
import type { DemoAccess } from './platform-file.js';
import { writePlatformFile } from './platform-file.js';
import { findFreePort, type Ports } from './ports.js';
import { ProcessGroup } from './process-group.js';
import type { ProcessRegister } from './process-register.js';
import type { EngineTools } from '../prerequisites/prepare-prerequisites.js';
import type { Secrets } from './secrets.js';
import { waitUntilReady } from './wait-until-ready.js';

const ENGINE_START_MS_MAX = 60_000;
const APP_START_MS_MAX = 90_000;

/** Environments on top of the platform's own; `firstRun` is gone after the first end, so a failpoint strikes once. */
export interface StartOptions {
  env?: Record<string, string>;
  firstRun?: Record<string, string>;
}

interface PlatformParts {
  directory: PlatformDirectory;
  claim: DirectoryClaim;
  register: ProcessRegister;
  ports: Ports;
  nodes: EngineNodes;
  /** Where ingest-api and console listen; every other process stays on loopback. */
  host: string;
  tools: EngineTools;
  secrets: Secrets;
  surroundings: AppSurroundings;
  progress: Progress;
}

/** Engines, simulator and apps of one directory: started, supervised, published and stopped together. */
export class Platform {
  private readonly group: ProcessGroup;
  private readonly instancePorts = new Map<string, { port: number; metricsPort: number }>();
  private readonly aborted = new AbortController();
  private access: DemoAccess | undefined;
  private stopped: Promise<void> | undefined;

  constructor(private readonly parts: PlatformParts) {
    const { register, progress } = parts;
    this.group = new ProcessGroup(register, progress, () => this.rewriteFile());
  }

  /** Where it keeps its data, its logs and its platform file. */
  get directory(): string {
    return this.parts.directory.path;
  }

  get surroundings(): AppSurroundings {
    return this.parts.surroundings;
  }

  get demoKey(): string {
    return this.parts.secrets.demoKey;
  }

  get databasePasswords(): Secrets['databasePasswords'] {
    return this.parts.secrets.databasePasswords;
  }

  /** The project and keys that came with the start; set by `publish`. */
  get demoAccess(): DemoAccess {
    if (this.access === undefined) throw new Error('the platform has no demo project yet');
    return this.access;
  }

  /** The base url of an app or of a further instance of one. */
  url(name: string): string {
    return `http://127.0.0.1:${this.portsOf(name).port}`;
  }

  /** Where `/metrics` of an app or of a further instance of one is. */
  metricsUrl(name: string): string {
    return `http://127.0.0.1:${this.portsOf(name).metricsPort}`;
  }

  /** Starts every engine and the Stripe simulator side by side and waits until all of them answer. */
  async startEngines(): Promise<void> {
    const { directory, ports, nodes, tools, secrets, progress } = this.parts;
    const specs = describeEngines(directory, ports, nodes, tools, secrets);
    this.aborted.signal.throwIfAborted();
    const starts = specs.map(async (spec) => {
      const supervised = this.group.add(spec);
      const comeUp = async () => {
        await supervised.start();
        await waitUntilReady(supervised, ENGINE_START_MS_MAX, this.aborted.signal);
      };
      await progress.step(`${spec.name} (log: ${spec.logFile})`, comeUp);
    });
    await Promise.all(starts);
    await joinNodes(nodes, this.parts.surroundings.engines);
  }

  /** Starts an app, or as `name` a further instance of it on a port of its own, and waits until it is ready. */
  async startApp(app: AppName, options: StartOptions & { name?: string } = {}): Promise<void> {
    // A stop that came meanwhile has listed what it ends; nothing may be added after it.
    this.aborted.signal.throwIfAborted();
    const name = options.name ?? app;
    const { directory, ports, surroundings } = this.parts;
    const port = name === app ? ports[app] : await findFreePort();
    const metricsPort = name === app ? ports[`${app}-metrics`] : await findFreePort();
    const isPublic = app === 'ingest-api' || app === 'console';
    const host = isPublic ? this.parts.host : '127.0.0.1';
    const env = writeAppEnvironment(app, surroundings);
    this.instancePorts.set(name, { port, metricsPort });
    const logFile = directory.logOf(name);
    this.group.add(describeApp({ name, app, host, port, metricsPort, env, logFile }));
    await this.start(name, options);
  }

  /** Starts a process that was stopped by `stopProcess`, an engine as well as an app, and waits until it is ready. */
  async start(name: string, { env, firstRun }: StartOptions = {}): Promise<void> {
    const supervised = this.group.get(name);
    await supervised.start(env, firstRun);
    await waitUntilReady(supervised, APP_START_MS_MAX, this.aborted.signal);
  }

  /** Ends one process in its own good order and leaves it ended. */
  async stopProcess(name: string): Promise<void> {
    await this.group.get(name).stop();
  }

  async restart(name: string, options: StartOptions = {}): Promise<void> {
    await this.stopProcess(name);
    await this.start(name, options);
  }

  /** Sends a signal as an outsider would, by default SIGKILL; supervision brings the process back. */
  kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): void {
    this.process(name).kill(signal);
  }

  process(name: string): SupervisedProcess {
    return this.group.get(name);
  }

  /** Waits until a process that was killed or restarted answers again. */
  async waitUntilReady(name: string, timeoutMs = 30_000): Promise<void> {
    await waitUntilReady(this.process(name), timeoutMs, this.aborted.signal);
  }

  logFile(name: string): string {
    return this.process(name).spec.logFile;
  }

  /** Writes the platform file and keeps it true from now on. */
  publish(access: DemoAccess): void {
    this.access = access;
    this.rewriteFile();
  }

  /** Apps first, so that they drain into engines that still answer; then the engines. Safe to call at any time and twice. */
  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  private portsOf(name: string): { port: number; metricsPort: number } {
    const ports = this.instancePorts.get(name);
    if (ports === undefined) throw new Error(`there is no app ${name}`);
    return ports;
  }

  private async stopInOrder(): Promise<void> {
    const { claim, directory, register } = this.parts;
    this.aborted.abort(new Error('stopped'));
    this.access = undefined;
    rmSync(directory.platformFile, { force: true });
    claim.markStopping();
    const instances = [...this.instancePorts.keys()];
    await this.group.stop(instances);
    const others = this.group.list().map(({ name }) => name);
    await this.group.stop(others.filter((name) => !instances.includes(name)));
    register.clear();
    claim.release();
  }

  private rewriteFile(): void {
    if (this.access === undefined) return;
    const { directory, ports, surroundings } = this.parts;
    const urls = Object.fromEntries(appNames.map((app) => [app, `http://127.0.0.1:${ports[app]}`]));
    writePlatformFile(directory.platformFile, {
      urls,
      surroundings,
      access: this.access,
      processes: this.group.list(),
    });
  }
}
