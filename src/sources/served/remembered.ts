/** What servers said of their models, beside imported checkpoints: by it what is stored is found while they are down. */

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../core/sha256.ts';
import { MODELS_FOLDER } from '../prepare-folder.ts';
import { type ListedModel, listedModel, SERVER_API_VERSION } from './server-api.ts';
import type { ServerPlace } from './server-place.ts';

/** Names of models do not start with a dot. */
const SERVED_FOLDER = '.served';

/** Keeps it for later commands in this output folder; without a place for it they must ask. */
export function rememberListed(
  output: string,
  { baseUrl }: ServerPlace,
  model: string,
  listed: ListedModel,
): void {
  const path = pathOf(output, baseUrl, model);
  const partial = `${path}.partial-${process.pid}`;
  try {
    mkdirSync(join(output, MODELS_FOLDER, SERVED_FOLDER), { recursive: true });
    writeFileSync(partial, `${JSON.stringify({ baseUrl, model, listed }, null, 2)}\n`);
    renameSync(partial, path);
  } catch {
    // A full disk or a folder of somebody else is told by what must be written there.
  }
}

/** What the server of this address last said of the model; undefined: nothing that this version reads. */
export function recallListed(
  output: string,
  { baseUrl }: ServerPlace,
  model: string,
): ListedModel | undefined {
  try {
    const kept = JSON.parse(readFileSync(pathOf(output, baseUrl, model), 'utf8'));
    const { success, data } = listedModel.safeParse(kept.listed);
    return success && data['sorted_api'] === SERVER_API_VERSION ? data : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(output: string, baseUrl: string, model: string): string {
  const digits = sha256(JSON.stringify([baseUrl.replace(/\/+$/, ''), model])).slice(0, 16);
  return join(output, MODELS_FOLDER, SERVED_FOLDER, `${digits}.json`);
}
