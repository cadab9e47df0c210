import { optionsOf, SLOW_PLACES } from './options.js';

const options = optionsOf(process.argv.slice(2), process.env['CLICKHOUSE_PASSWORD']);
if ('faults' in options) {
  for (const fault of options.faults) console.error(fault);
  process.exit(2);
}

const COMPRESSION_THREADS = 4;

// Every running statement holds a libuv thread, and compression needs some of its own. The pool takes its size at its first
// use, so the variable is set before anything else is loaded.
process.env['UV_THREADPOOL_SIZE'] = String(options.sessions + SLOW_PLACES + COMPRESSION_THREADS);
// The engine would take the time zone of the machine; time here is UTC, as on a server of ours.
process.env['TZ'] = 'UTC';
const { serve } = await import('./serve.js');
try {
  await serve(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
