import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { createAdaptorServer } from '@hono/node-server';
import { availableMemory } from '../../core/available-memory.ts';
import { InputError } from '../../core/errors.ts';
import { cacheShapeOf } from '../../engine/cache/kv-cache.ts';
import { cacheBytes, megabytes } from '../../engine/cache/memory-budget.ts';
import { executionProvider } from '../../model/folder/provider.ts';
import { openBytes } from '../../model/folder/sizes/model-size.ts';
import type { NamedDynamic } from '../../sources/dynamic/dynamic-names.ts';
import { fittingBatch } from '../../worker/jobs/batch-needs.ts';
import { planWorkers, type WorkerPlan } from '../../worker/plan-workers.ts';
import type { ThreadSettings } from '../lane/asked.ts';
import { LanePool, type WaitingLimits } from '../lane-pool.ts';
import { openServedModels, type ServedModels } from '../served-models.ts';
import { createApp } from './server-routes.ts';

export interface ServeOptions extends WaitingLimits {
  /** Model folders. */
  readonly folders: readonly string[];
  /** Depths chosen token by token that are served beside the exits. */
  readonly dynamic: readonly NamedDynamic[];
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** For prompts that are kept, of all models together. */
  readonly memoryMB: number;
  /** Threads with weights of their own. Default: one per core where memory holds them. */
  readonly workers?: number | undefined;
  readonly key: string | undefined;
  readonly maxBodyBytes: number;
  readonly maxPromptTokens: number;
  readonly signal: AbortSignal;
  /** Gets what is a bug, or damage of a model. */
  readonly onError: (error: unknown) => void;
}

export interface ServedApi {
  readonly url: string;
  readonly models: ServedModels;
  readonly workers: WorkerPlan;
  /** Rejects when a thread ends by itself. */
  readonly failure: Promise<never>;
  /** Takes no new requests, answers those that it has, and closes. */
  end(): Promise<void>;
}

/** Rows of a batch, where memory holds them. */
const BATCH_SIZE = 32;

/**
 * Serves model folders over OpenAI's API.
 * @throws InputError for a folder that does not open, `bad-option` for an address that cannot be used
 */
export async function serveModels(options: ServeOptions): Promise<ServedApi> {
  const { host, port, key, maxBodyBytes, maxPromptTokens, onError } = options;
  const models = await openServedModels(options.folders, options.dynamic, options.signal);
  const workers = workersFor(models, options);
  const thread = threadFor(models, options, workers);
  const pool = await LanePool.open({ ...options, thread, workers: workers.workers });
  let isEnding = false;
  const startedAt = Math.floor(Date.now() / 1000);
  const serving = { models, pool, maxPromptTokens, startedAt, isEnding: () => isEnding };
  const isLocal = ['127.0.0.1', 'localhost', '::1'].includes(host);
  const app = createApp({ serving, key, maxBodyBytes, isLocal, onError });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  try {
    const url = await listen(server, host, port);
    const end = async () => {
      isEnding = true;
      await pool.idle();
      await closeServer(server);
      await pool.close();
    };
    return { url, models, workers, failure: pool.failure, end };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** As for other commands, but for the weights of all models. */
function workersFor({ models }: ServedModels, { workers: wanted, memoryMB }: ServeOptions): WorkerPlan {
  if (executionProvider() !== 'cpu') return { workers: 1, reason: `the provider is ${executionProvider()}` };
  return planWorkers({
    wanted,
    cores: availableParallelism(),
    count: Number.POSITIVE_INFINITY,
    workerBytes: models.reduce((sum, { manifest }) => sum + openBytes(manifest), 0),
    cacheBytes: megabytes(memoryMB),
    freeBytes: availableMemory(),
  });
}

function threadFor(
  { models, lanes }: ServedModels,
  { memoryMB }: ServeOptions,
  plan: WorkerPlan,
): ThreadSettings {
  const { workers, threads } = plan;
  const ownMemoryMB = memoryMB / (workers * models.length);
  return {
    models: models.map((model) => {
      const isDynamic = lanes.some((lane) => lane.model === model && lane.dynamic !== undefined);
      return { folder: model.folder, isDynamic, memoryMB: ownMemoryMB, threads };
    }),
    lanes: lanes.map(({ model, dynamic }) => {
      const { folder, manifest } = model;
      const rowBytes = cacheBytes(cacheShapeOf(manifest), manifest.architecture.contextLength);
      const needs = { folder, batchSize: BATCH_SIZE, rowBytes, cacheBytes: megabytes(memoryMB) };
      const batchSize = fittingBatch(needs, workers * lanes.length);
      return { model: models.indexOf(model), dynamic, batchSize };
    }),
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(addressProblem(host, port, cause)));
    server.listen(port, host, () => {
      const { address, family, port: own } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${own}`);
    });
  });
}

function addressProblem(host: string, port: number, cause: NodeJS.ErrnoException): InputError {
  return new InputError({
    code: 'bad-option',
    where: `--host ${host} --port ${port}`,
    expected: 'an address of this machine and a free port',
    found: String(cause.code),
    fix: 'Name another port, or 0 for a free one.',
    cause,
  });
}

/** Answers under way go out; idle connections do not keep the server open. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}
