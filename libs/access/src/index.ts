export { isAdminKey } from './admin-key.js';
export { mintApiKey, type MintedKey, parseApiKey } from './api-key.js';
export { ApiKeyGuard, principalOf, RequireScope } from './api-key-guard.js';
export { randomBase62 } from './base62.js';
export { bearerToken } from './bearer-token.js';
export { KeyVerifier, type Verification } from './key-verifier.js';
export type { Principal } from './principal.js';
export { type Scope, SCOPES } from './scope.js';
