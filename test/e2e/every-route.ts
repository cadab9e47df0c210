import type { Scope } from '#access';
import { CANARY, SHARED } from './two-projects.js';

/** What one route asks for, and what happens when it is asked about another project's things. */
export interface Route {
  scope: Scope | 'admin';
  /** With `{key}` and its like for ids that only the run knows. */
  path?: string;
  body?: unknown;
  /** The status for a key with every scope of its own project. */
  status: number;
}

const application = { name: 'mine', provider: 'openai', model: 'gpt-4o' };
const admin: Route = { scope: 'admin', status: 403 };
const renamed = { name: 'taken over' };
const customer = `/v1/customers/${CANARY}-customer`;
const applicationPath = `/v1/applications/${CANARY}-application`;
const mine: Pick<Route, 'scope' | 'status'> = { scope: 'manage', status: 404 };

const endpoint = '/v1/webhook-endpoints/{endpoint}';
const budget = '/v1/budgets/{budget}';
const rate = '/v1/rates/{rate}';
const alert = '/v1/alerts/{alert}';

/** Every route of ingest-api and console. A test compares it with their OpenAPI documents, so that none is forgotten. */
export const everyRoute: Record<string, Route> = {
  'POST /v1/events': { scope: 'ingest', body: { id: CANARY, customer: SHARED }, status: 202 },
  'GET /v1/usage': {
    scope: 'read',
    path: '/v1/usage?group_by=customer,user,provider,model,application,type&window=hour',
    status: 200,
  },
  'GET /v1/events/{id}': { scope: 'read', path: `/v1/events/${CANARY}`, status: 404 },
  'GET /v1/quarantine': { scope: 'read', status: 200 },
  'GET /v1/quarantine/{id}': { scope: 'read', path: '/v1/quarantine/{quarantine}', status: 404 },
  'POST /v1/quarantine/{id}/replay': { ...mine, path: '/v1/quarantine/{quarantine}/replay' },
  'GET /v1/conflicts': { scope: 'read', status: 200 },
  // Before the calls that it lists: a stranger's own call shows the path that the stranger asked.
  'GET /v1/managing-calls': { scope: 'manage', status: 200 },
  'POST /v1/projects': { ...admin, body: { name: 'mine' } },
  'GET /v1/projects': admin,
  'GET /v1/projects/{id}': { ...admin, path: '/v1/projects/{project}' },
  'PATCH /v1/projects/{id}': { ...admin, path: '/v1/projects/{project}', body: renamed },
  'GET /v1/projects/{id}/rate-limits': { ...admin, path: '/v1/projects/{project}/rate-limits' },
  'PATCH /v1/projects/{id}/rate-limits': {
    ...admin,
    path: '/v1/projects/{project}/rate-limits',
    body: { events_per_second: 1 },
  },
  'DELETE /v1/projects/{id}': { ...admin, path: '/v1/projects/{project}' },
  'POST /v1/keys': {
    scope: 'manage',
    body: { name: 'mine', scopes: ['read'], project: '{project}' },
    status: 403,
  },
  'GET /v1/keys': { scope: 'read', status: 200 },
  'GET /v1/keys/{id}': { ...mine, scope: 'read', path: '/v1/keys/{key}' },
  'PATCH /v1/keys/{id}': { ...mine, path: '/v1/keys/{key}', body: renamed },
  'DELETE /v1/keys/{id}': { ...mine, path: '/v1/keys/{key}' },
  'POST /v1/applications': {
    scope: 'manage',
    body: { id: `${SHARED}-application`, ...application },
    status: 201,
  },
  'GET /v1/applications': { scope: 'read', status: 200 },
  'GET /v1/applications/{id}': { ...mine, scope: 'read', path: applicationPath },
  'PATCH /v1/applications/{id}': { ...mine, path: applicationPath, body: renamed },
  'POST /v1/applications/{id}/rotate-token': { ...mine, path: `${applicationPath}/rotate-token` },
  'DELETE /v1/applications/{id}': { ...mine, path: applicationPath },
  'POST /v1/customers': {
    scope: 'manage',
    body: { id: `${SHARED}-customer`, name: 'mine' },
    status: 201,
  },
  'GET /v1/customers': { scope: 'read', status: 200 },
  'GET /v1/customers/{id}': { ...mine, scope: 'read', path: customer },
  'PATCH /v1/customers/{id}': { ...mine, path: customer, body: renamed },
  'DELETE /v1/customers/{id}': { ...mine, path: customer },
  'POST /v1/erasures': { scope: 'manage', body: { customer: 'mine' }, status: 201 },
  'GET /v1/erasures': { scope: 'manage', status: 200 },
  'GET /v1/erasures/{id}': { ...mine, path: '/v1/erasures/{erasure}' },
  'POST /v1/budgets': {
    scope: 'manage',
    body: { name: 'mine', on: 'cost', limit: '1', window: { kind: 'lifetime' } },
    status: 201,
  },
  'GET /v1/budgets': { scope: 'read', status: 200 },
  'GET /v1/budgets/{id}': { ...mine, scope: 'read', path: budget },
  'GET /v1/budgets/{id}/counters': { ...mine, scope: 'read', path: `${budget}/counters` },
  'PATCH /v1/budgets/{id}': { ...mine, path: budget, body: renamed },
  'DELETE /v1/budgets/{id}': { ...mine, path: budget },
  'POST /v1/rates': {
    scope: 'manage',
    body: { name: 'mine', on: 'cost', limit: '1', over_seconds: 60 },
    status: 201,
  },
  'GET /v1/rates': { scope: 'read', status: 200 },
  'GET /v1/rates/{id}': { ...mine, scope: 'read', path: rate },
  'PATCH /v1/rates/{id}': { ...mine, path: rate, body: renamed },
  'DELETE /v1/rates/{id}': { ...mine, path: rate },
  'GET /v1/limits': { scope: 'read', status: 200 },
  'GET /v1/alerts': { scope: 'read', status: 200 },
  'GET /v1/alerts/{id}': { ...mine, scope: 'read', path: alert },
  'POST /v1/alerts/{id}/acknowledge': { ...mine, path: `${alert}/acknowledge` },
  'POST /v1/alerts/{id}/mute': { ...mine, path: `${alert}/mute`, body: { until: '2099-01-01' } },
  'POST /v1/mutes': { ...mine, body: { watch: '{budget}', until: '2099-01-01' } },
  'GET /v1/mutes': { scope: 'read', status: 200 },
  'DELETE /v1/mutes/{id}': { ...mine, path: '/v1/mutes/{mute}' },
  'GET /v1/anomalies': { scope: 'read', status: 200 },
  'GET /v1/anomaly-settings': { scope: 'read', status: 200 },
  'PATCH /v1/anomaly-settings': { scope: 'manage', body: { sensitivity: 'low' }, status: 200 },
  'POST /v1/webhook-endpoints': {
    scope: 'manage',
    body: { url: 'https://mine.example.com', events: ['*'] },
    status: 201,
  },
  'GET /v1/webhook-endpoints': { scope: 'manage', status: 200 },
  'GET /v1/webhook-endpoints/{id}': { ...mine, path: endpoint },
  'PATCH /v1/webhook-endpoints/{id}': { ...mine, path: endpoint, body: { description: 'taken' } },
  'DELETE /v1/webhook-endpoints/{id}': { ...mine, path: endpoint },
  'POST /v1/webhook-endpoints/{id}/rotate-secret': { ...mine, path: `${endpoint}/rotate-secret` },
  'GET /v1/webhook-endpoints/{id}/deliveries': { ...mine, path: `${endpoint}/deliveries` },
  'POST /v1/webhook-endpoints/{id}/test': { ...mine, path: `${endpoint}/test`, body: {} },
  'POST /v1/webhook-endpoints/{id}/confirm': {
    ...mine,
    path: `${endpoint}/confirm`,
    body: { code: 'ABCDEFGH' },
  },
  'POST /v1/webhook-endpoints/{id}/send-code': { ...mine, path: `${endpoint}/send-code` },
  'POST /v1/webhook-endpoints/{id}/replay': {
    ...mine,
    path: `${endpoint}/replay`,
    body: { from: '2026-01-01', to: '2099-01-01' },
  },
  'POST /v1/webhook-endpoints/deliveries/{delivery}/resend': {
    ...mine,
    path: '/v1/webhook-endpoints/deliveries/{delivery}/resend',
  },
};
