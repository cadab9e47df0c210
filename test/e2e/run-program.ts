import { execFile } from 'node:child_process';
import { join } from 'node:path';

const RUN_MS_MAX = 30_000;

export interface ProgramEnd {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a built program of this repository as its npm script does, with nothing in its environment but `env`. */
export function runProgram(
  entry: string,
  args: string[],
  env: Record<string, string>,
): Promise<ProgramEnd> {
  const script = join(process.cwd(), 'dist', entry);
  const options = { env: { PATH: process.env.PATH ?? '', ...env }, timeout: RUN_MS_MAX };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1;
      resolve({ code, stdout, stderr });
    });
  });
}
