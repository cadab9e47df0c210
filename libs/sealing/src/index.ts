export { Sealer, SealingKeyMissing } from './sealer.js';
export { SealingSettings } from './sealing-settings.js';
