import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from '../repository-root.js';

interface CommandRun {
  env?: Record<string, string>;
  /** Shows the output as it comes; otherwise it is gathered and returned. */
  live?: boolean;
  /** The command counts as hung after this long, and is ended. */
  timeoutMs: number;
  /** Ends the command from outside. */
  signal?: AbortSignal;
}

/** Runs a shell command of package.json in the repository, with its installed programs on PATH. */
export async function runCommand(command: string, run: CommandRun) {
  const PATH = [join(repositoryRoot, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(`exec ${command}`, {
    shell: true,
    cwd: repositoryRoot,
    env: { ...process.env, ...run.env, PATH },
    stdio: [
      'ignore',
      run.live === true ? 'inherit' : 'pipe',
      run.live === true ? 'inherit' : 'pipe',
    ],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => (output += data.toString('utf8')));
  }
  const end = () => child.kill('SIGKILL');
  const timer = setTimeout(end, run.timeoutMs);
  run.signal?.addEventListener('abort', end);
  if (run.signal?.aborted === true) end();
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  run.signal?.removeEventListener('abort', end);
  return { ok: code === 0, output };
}
