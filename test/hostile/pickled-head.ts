/** Writes a checkpoint's pickle again, with something else in it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dict, pickle } from '../support/pickle-file.ts';
import { archiveParts, type TorchContent } from '../support/torch-file.ts';
import { zipBytes } from '../support/zip-file.ts';
import { casesOf, type HostileCase } from './hostile-case.ts';

/** Writes the weights again, with another pickle. */
export const rewrite = (folder: string, { data }: TorchContent, content: Buffer) =>
  writeFileSync(join(folder, 'pytorch_model.bin'), zipBytes([...archiveParts(content), ...data]));

/** Cases that put something else in the place of the head. */
export function headCases(
  kind: string,
  intact: TorchContent,
  heads: Record<string, Buffer>,
  said?: RegExp,
): HostileCase[] {
  return casesOf(
    kind,
    heads,
    (folder, head) => rewrite(folder, intact, pickle(dict({ ...intact.entries, 'lm_head.weight': head }))),
    said ? { said } : {},
  );
}
