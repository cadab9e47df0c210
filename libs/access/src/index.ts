export { mintApiKey, type MintedKey, parseApiKey } from './api-key.js';
export { ApiKeyGuard, principalOf, RequireScope } from './api-key-guard.js';
export { randomBase62 } from './base62.js';
export { bearerToken, isAdminKey } from './bearer-token.js';
export { type KeyUse, KeyUses } from './key-uses.js';
export { KeyVerifier, type Verification } from './key-verifier.js';
export { type Principal, type Scope, SCOPES } from './principal.js';
