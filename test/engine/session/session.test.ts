import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from '../../../src/engine/session/session.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

it('refuses a damaged graph file in one line that says to import again', async () => {
  const path = join(tempFolder(), 'segment-00.onnx');
  writeFileSync(path, 'not a graph');
  const error = await inputErrorOf(() => openSession(path));
  expect(error).toMatchObject({ code: 'bad-checkpoint', where: path });
  expect(error.message).toMatch(/^[^\n]*Import the checkpoint again[^\n]*$/);
});
