import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';
import {
  HTTP_SAMPLE,
  JAVASCRIPT_SAMPLE,
  PYTHON_SAMPLE,
  SAMPLE_APPLICATION,
  SAMPLE_HOST,
  SAMPLE_TOKEN,
} from './affordai-samples.js';
import { ApiClient, type IngestAnswer } from './api-client.js';
import { pythonWithRequests } from './python-with-requests.js';

interface Application {
  id: string;
  token: string;
}

const run = promisify(execFile);
const event = {
  eventType: 'text_gen',
  consumerId: 'user@example.com',
  inputTokens: 500,
  inputTokensCached: 100,
  outputTokens: 300,
};

let test: TestPlatform;
let client: ApiClient;
/** Beside the repository's packages, where the JavaScript sample finds its own. */
let folder: string;

beforeAll(async () => {
  pythonWithRequests();
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
  test = await startTestPlatform('affordai', { apps });
  client = ApiClient.of(test.platform);
  folder = join(process.cwd(), '.reckoner-test', `affordai-samples-${process.pid}`);
  mkdirSync(folder, { recursive: true });
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await test.end();
});

async function createApplication(provider: string, model: string): Promise<Application> {
  const body = { name: 'Chat', provider, model, time_zone: 'Europe/Berlin' };
  const answer = await client.ask<Application>('POST', '/v1/applications', { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

/** The sample with its three placeholders filled in, and nothing else changed. */
function fillIn(sample: string, { id, token }: Application): string {
  return sample
    .replace(`https://${SAMPLE_HOST}`, client.urls.ingest)
    .replace(SAMPLE_HOST, new URL(client.urls.ingest).host)
    .replace(SAMPLE_TOKEN, token)
    .replace(SAMPLE_APPLICATION, id);
}

/** Sends the bytes of a request as they are, with the length that the guide leaves out. */
async function sendOverSocket(request: string): Promise<{ status: number; body: string }> {
  const [head = '', content = ''] = request.split('\n\n');
  const { hostname, port } = new URL(client.urls.ingest);
  const socket = connect(Number(port), hostname);
  const length = `Content-Length: ${Buffer.byteLength(content)}\r\nConnection: close`;
  socket.write(`${head.replaceAll('\n', '\r\n')}\r\n${length}\r\n\r\n${content}`);
  const answer = await text(socket);
  const [answered = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(answered.split(' ')[1]), body };
}

async function usageOf({ id }: Application) {
  await client.waitUntilCounted();
  return client.usage(`?application=${id}&group_by=application,customer,model`);
}

describe("the samples of AffordAI's guide", () => {
  it('over raw HTTP, without the comments: 202, and the exact cost', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const request = fillIn(HTTP_SAMPLE, application).replaceAll(/ \/\/ .*$/gm, '');
    const { status, body } = await sendOverSocket(request);
    expect(status).toBe(202);
    expect(JSON.parse(body)).toMatchObject({ accepted: 1, refused: 0 });
    // 400 fresh at 2.50, 100 cached at 1.25 and 300 out at 10 dollars a million.
    expect(await usageOf(application)).toMatchObject([
      {
        application: application.id,
        customer: 'user@example.com',
        model: 'gpt-4o',
        events: 1,
        input_tokens: 500,
        cache_read_tokens: 100,
        output_tokens: 300,
        cost: '0.004125',
        unpriced_events: 0,
      },
    ]);
  });

  it('over raw HTTP, with the comments inside the JSON: 400 as JSON', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const { status, body } = await sendOverSocket(fillIn(HTTP_SAMPLE, application));
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'malformed_json', details: [] } });
    expect(await usageOf(application)).toEqual([]);
  });

  it('in Python: recorded, and the exact cost', async () => {
    const application = await createApplication('anthropic', 'claude-sonnet-4-5');
    const file = join(folder, 'sample.py');
    writeFileSync(file, fillIn(PYTHON_SAMPLE, application));
    const { stdout } = await run(pythonWithRequests(), [file]);
    expect(stdout).toBe('Event successfully recorded.\n');
    // 50 fresh at 3, 100 cached at 0.30 and 350 out at 15 dollars a million.
    expect(await usageOf(application)).toMatchObject([
      {
        model: 'claude-sonnet-4-5',
        events: 1,
        input_tokens: 150,
        cache_read_tokens: 100,
        output_tokens: 350,
        cost: '0.00543',
      },
    ]);
  });

  it('in Python, with a wrong token: the failure as JSON that the sample prints', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const file = join(folder, 'wrong.py');
    writeFileSync(file, fillIn(PYTHON_SAMPLE, { ...application, token: 'rk_wrong' }));
    const { stdout } = await run(pythonWithRequests(), [file]);
    expect(stdout).toMatch(/^Failed to record event: 401, \{'error': \{'code': 'unknown_key'/);
  });

  it('in JavaScript: recorded, and the exact cost', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const file = join(folder, 'sample.cjs');
    writeFileSync(file, fillIn(JAVASCRIPT_SAMPLE, application));
    const { stdout, stderr } = await run(process.execPath, [file]);
    expect([stdout, stderr]).toEqual(['Event successfully recorded.\n', '']);
    // 50 fresh at 2.50, 100 cached at 1.25 and 350 out at 10 dollars a million.
    expect(await usageOf(application)).toMatchObject([
      { events: 1, input_tokens: 150, cache_read_tokens: 100, output_tokens: 350, cost: '0.00375' },
    ]);
  });

  it('in JavaScript, with another application: status and data that the sample prints', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const file = join(folder, 'wrong.cjs');
    writeFileSync(file, fillIn(JAVASCRIPT_SAMPLE, { ...application, id: 'another' }));
    const { stdout, stderr } = await run(process.execPath, [file]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^Failed to record event: 403 \{\s+error: \{\s+code: 'application_mismatch'/,
    );
  });
});

describe('a call that AffordAI reports', () => {
  it('counts twice when it is reported twice, and once under one Idempotency-Key', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const door = client.withKey(application.token);
    const body = { appId: application.id, ...event };
    const answers = [await door.send(body), await door.send(body)];
    const retry = { 'idempotency-key': 'call-7' };
    for (let tries = 0; tries < 3; tries += 1) answers.push(await door.send(body, retry));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const idOf = ({ results }: IngestAnswer) => results[0]?.id;
    expect(new Set(answers.map(({ body: answer }) => idOf(answer))).size).toBe(3);
    expect(await usageOf(application)).toMatchObject([
      { events: 3, input_tokens: 1_500, cache_read_tokens: 300, cost: '0.012375' },
    ]);
  });

  it('by nobody counts without a customer', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const body = { appId: application.id, ...event, consumerId: null };
    expect((await client.withKey(application.token).send(body)).status).toBe(202);
    expect(await usageOf(application)).toMatchObject([{ customer: null, events: 1 }]);
  });

  it('is priced by the model that the application has when it comes', async () => {
    const application = await createApplication('openai', 'gpt-4o');
    const door = client.withKey(application.token);
    const body = { appId: application.id, ...event };
    expect((await door.send(body)).status).toBe(202);
    const change = { body: { model: 'gpt-4o-mini' } };
    const path = `/v1/applications/${application.id}`;
    expect((await client.ask('PATCH', path, change)).status).toBe(200);
    // A token's grant is remembered for at most 2 s after a change.
    const changedMs = Date.now();
    for (;;) {
      expect((await door.send(body)).status).toBe(202);
      const models = (await usageOf(application)).map(({ model }) => model);
      if (models.includes('gpt-4o-mini')) break;
      expect(Date.now() - changedMs).toBeLessThan(5_000);
    }
    const mini = (await usageOf(application)).find(({ model }) => model === 'gpt-4o-mini');
    // 400 at 0.15, 100 at 0.075 and 300 at 0.60 dollars a million.
    expect(mini).toMatchObject({ events: 1, cost: '0.0002475' });
  });
});
