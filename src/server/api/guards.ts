import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ApiError } from '../api-error.ts';

/** Lets only requests with the key through. */
export function requireKey(key: string): MiddlewareHandler {
  const expected = digest(`Bearer ${key}`);
  return async (context, next) => {
    if (!timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) {
      const message = 'authorization: expected `Bearer` and the key of this server, found another or none';
      throw new ApiError(401, 'invalid_api_key', message);
    }
    await next();
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Names under which a machine reaches itself. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * A page of another site can make its own name point to this machine; then its requests come under that name. Only for a
 * server that no other machine reaches.
 */
export const requireOwnHost: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  if (!OWN_NAMES.includes(host.replace(/:\d+$/, ''))) {
    throw new ApiError(
      403,
      'foreign_host',
      `host: expected ${OWN_NAMES.join(', ')}, found ${JSON.stringify(host)}`,
    );
  }
  await next();
};

/**
 * Refuses bodies that are too long. Where a request names its body's length, which Node.js holds it to, the body is left to who
 * reads it: Hono's own guard would make a web stream of it, which takes as long as all the rest of a request.
 */
export function limitBody(maxBytes: number): MiddlewareHandler {
  const tooLong = (): never => {
    throw new ApiError(413, 'body_too_long', `body: expected at most ${maxBytes} bytes, found more`);
  };
  const counted = bodyLimit({ maxSize: maxBytes, onError: tooLong });
  return (context, next) => {
    const length = context.req.header('content-length');
    if (length === undefined || context.req.header('transfer-encoding') !== undefined)
      return counted(context, next);
    return Number(length) <= maxBytes ? next() : tooLong();
  };
}

/** While the server ends, what has begun goes on and nothing begins. */
export function refuseWhile(isEnding: () => boolean): MiddlewareHandler {
  return async (context, next) => {
    if (isEnding()) throw ending(context);
    await next();
  };
}

function ending(context: Context): ApiError {
  context.header('connection', 'close');
  return new ApiError(503, 'ending', 'the server is ending; it takes no new requests');
}
