import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isNativeError } from 'node:util/types';
import { DeadlinePassed, withDeadline } from '#platform';
import { type Answer, noAnswer, showable } from './answer.js';
import { checkLiteral, guardedLookup } from './guarded-lookup.js';
import type { ResolveHost } from './resolve-host.js';

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

export interface PostRules {
  resolve: ResolveHost;
  /** Addresses of this machine and of private networks are let through. */
  allowPrivate: boolean;
  /** From the first packet to the end of the answer. */
  timeoutMs: number;
}

const ANSWER_BYTES_MAX = 16 * 1024;

/**
 * Posts once, on a connection of its own. Redirects are not followed: anything but 2xx is a failure, and so is an answer
 * that does not end in time. Of a longer answer than 16 kB the rest is not read.
 */
export async function postJson(post: Post, rules: PostRules): Promise<Answer> {
  try {
    // What the connection's own events leave out, the deadline ends.
    return await withDeadline(
      (signal) => attempt(post, rules, signal),
      rules.timeoutMs,
      'no complete answer',
    );
  } catch (error) {
    return noAnswer(error instanceof DeadlinePassed ? error.message : reasonOf(error));
  }
}

async function attempt(post: Post, rules: PostRules, signal: AbortSignal): Promise<Answer> {
  const response = await send(post, rules, signal);
  const body = await readBody(response);
  const status = response.statusCode ?? 0;
  return {
    succeeded: status >= 200 && status < 300,
    status,
    text: showable(body.toString()),
    retryAfter: response.headers['retry-after'] ?? null,
  };
}

function send(post: Post, rules: PostRules, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(post.url);
  checkLiteral(url.hostname, rules.allowPrivate);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const body = Buffer.from(post.body);
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: guardedLookup(rules.resolve, rules.allowPrivate),
      maxHeaderSize: ANSWER_BYTES_MAX,
      headers: {
        ...post.headers,
        'content-type': 'application/json',
        'content-length': body.length,
        'user-agent': 'Reckoner-Webhooks/1',
      },
    });
    // After the answer has begun, what goes wrong shows in the reading of its body.
    sent.on('error', reject);
    sent.on('response', resolve);
    // `101 Switching Protocols` brings neither of the two.
    sent.on('close', () => reject(new Error('the connection ended without an answer')));
    sent.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes >= ANSWER_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES_MAX);
}

function reasonOf(error: unknown): string {
  if (!isNativeError(error)) return 'the attempt failed';
  return 'code' in error ? `the attempt failed: ${String(error.code)}` : error.message;
}
