import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

// kafkajs re-arms a timer with a negative delay; Node's remark about that helps nobody here.
const NODE_OPTIONS = ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'];

/** Runs the program in the foreground, hands our signals on to it, and answers its exit code. */
export async function runAndForwardSignals(runtime, args, env) {
  // The channel tells the program when we are killed without a chance to hand anything on.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(runtime, [...NODE_OPTIONS, ...args], { env, stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  const watch = watchNpm(() => child.kill('SIGTERM'));
  const [code, signal] = await once(child, 'exit');
  clearInterval(watch);
  return code ?? 128 + constants.signals[signal];
}

/** npm hands no signal on when it is the only one to get it: its end is the only sign that we are to stop. */
function watchNpm(onEnd) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const npm = process.ppid;
  return setInterval(() => {
    if (process.ppid !== npm) onEnd();
  }, 500);
}
