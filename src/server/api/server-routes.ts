import { type Context, Hono } from 'hono';
import { asApiError } from '../answer/as-api-error.ts';
import { ApiError } from '../api-error.ts';
import type { Serving } from '../request/serving.ts';
import { chatRoute } from './chat-route.ts';
import { completionRoute } from './completion-route.ts';
import { limitBody, refuseWhile, requireKey, requireOwnHost } from './guards.ts';
import { modelRoute, modelsRoute } from './models-route.ts';

export interface AppOptions {
  readonly serving: Serving;
  readonly key: string | undefined;
  readonly maxBodyBytes: number;
  /** Whether no other machine reaches the server. */
  readonly isLocal: boolean;
  /** Gets what is a bug, or damage of a model. */
  readonly onError: (error: unknown) => void;
}

/** The server's routes, as docs/server-api.md describes them. */
export function createApp({ serving, key, maxBodyBytes, isLocal, onError }: AppOptions): Hono {
  const app = new Hono();
  if (isLocal) app.use(requireOwnHost);
  app.get('/health', (context) => health(context, serving));
  app.get('/ready', (context) => ready(context, serving));
  if (key !== undefined) app.use('/v1/*', requireKey(key));
  app.use('/v1/*', refuseWhile(serving.isEnding));
  app.use('/v1/*', limitBody(maxBodyBytes));
  app.get('/v1/models', (context) => modelsRoute(context, serving));
  app.get('/v1/models/:id{.+}', (context) => modelRoute(context, serving));
  app.post('/v1/completions', (context) => completionRoute(context, serving));
  app.post('/v1/chat/completions', (context) => chatRoute(context, serving));
  app.notFound((context) => {
    const message = `expected a path of this server (see docs/server-api.md), found ${context.req.method} ${context.req.path}`;
    return answerError(context, new ApiError(404, 'not_found', message));
  });
  app.onError((error, context) => {
    const answer = asApiError(error);
    if (!(error instanceof ApiError)) onError(error);
    return answerError(context, answer);
  });
  return app;
}

function health(context: Context, { pool, isEnding }: Serving): Response {
  const { running, waiting } = pool;
  const status = isEnding() ? 'ending' : 'ok';
  return context.json({ status, running, waiting }, isEnding() ? 503 : 200);
}

/** It listens when all models are open. */
function ready(context: Context, { isEnding }: Serving): Response {
  return context.json({ status: isEnding() ? 'ending' : 'ready' }, isEnding() ? 503 : 200);
}

function answerError(context: Context, error: ApiError): Response {
  return context.json(error.body, error.status);
}
