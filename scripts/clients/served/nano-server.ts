/** Serves the nano run's SoFT model with a chat template, for clients to be tried with. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { type ServedApi, serveModels } from '../../../src/server/api/serve-models.ts';

const NANO_SOFT = join(import.meta.dirname, '../../../eval-data/nano/models/soft');

export interface NanoServer extends Pick<ServedApi, 'url' | 'end'> {
  /** The model folder. */
  readonly folder: string;
}

export async function serveNano(): Promise<NanoServer> {
  const root = mkdtempSync(join(tmpdir(), 'sorted-eval-clients-'));
  const [checkpoint, folder] = [join(root, 'checkpoint'), join(root, 'soft')];
  cpSync(NANO_SOFT, checkpoint, { recursive: true });
  cpSync(join(import.meta.dirname, 'alpaca-chat.jinja'), join(checkpoint, 'chat_template.jinja'));
  importCheckpoint(checkpoint, folder, { precision: 'fp32' });
  const { url, end } = await serveModels({
    folders: [folder],
    dynamic: [],
    host: '127.0.0.1',
    port: 0,
    memoryMB: 64,
    key: undefined,
    maxBodyBytes: 4_000_000,
    maxPromptTokens: Number.POSITIVE_INFINITY,
    maxWaiting: 1000,
    maxWaitSeconds: 60,
    signal: new AbortController().signal,
    onError: (error) => console.error(error),
  });
  const close = async () => {
    await end();
    rmSync(root, { recursive: true });
  };
  return { url, folder, end: close };
}
