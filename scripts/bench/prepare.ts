import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { importIfChanged } from '../../src/model/folder/import-if-changed.ts';
import type { Manifest } from '../../src/model/folder/manifest.ts';
import { runPython } from './child.ts';
import type { Options } from './options.ts';

/** Our model folder of the checkpoint: links and graphs, no copy of weights. */
export async function importModel({
  model,
  work,
  exits,
}: Options): Promise<{ folder: string; manifest: Manifest }> {
  const folder = join(work, exits ? `ours-${exits.join('-')}` : 'ours');
  mkdirSync(work, { recursive: true });
  return { folder, manifest: await importIfChanged(model, folder, exits ? { exits } : {}) };
}

/** For transformers.js: folders with the first n layers as ONNX, by exit. Made once. */
export function exportOnnx(options: Options, exits: readonly number[]): Promise<Record<number, string>> {
  const place = (exit: number) => join(options.work, 'onnx', `${exit}-layers`);
  return exportDepths(options, exits, place, { python: options.onnxPython, file: 'export_onnx.py' });
}

/** For llama.cpp: files with the first n layers as GGUF in F32, by exit. Made once. */
export function exportGguf(options: Options, exits: readonly number[]): Promise<Record<number, string>> {
  const place = (exit: number) => join(options.work, 'gguf', `${exit}-layers.gguf`);
  return exportDepths(options, exits, place, { python: options.python, file: 'export_gguf.py' });
}

async function exportDepths(
  { model }: Options,
  exits: readonly number[],
  place: (exit: number) => string,
  { python, file }: { readonly python: string; readonly file: string },
): Promise<Record<number, string>> {
  const places = Object.fromEntries(exits.map((exit) => [exit, place(exit)]));
  for (const [exit, out] of Object.entries(places)) {
    if (existsSync(out)) continue;
    mkdirSync(join(out, '..'), { recursive: true });
    console.error(`exporting ${out}`);
    await runPython(python, file, { model, layers: Number(exit), out });
  }
  return places;
}
