import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { damageTensor } from '../../support/damage-tensor.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runBin, runMain } from '../run.ts';

const root = tempFolder();
const nano = join(import.meta.dirname, '..', '..', '..', 'eval-data', 'nano', 'models');
const narrow = (text: string) => text.split('\n').every((line) => line.length <= 80 || line.startsWith(root));

beforeAll(() => {
  importCheckpoint(join(nano, 'early-exit'), join(root, 'early-exit'));
});

/** A loader that finds every module but one. */
function without(module: string): string[] {
  const hook = `export const resolve = (name, context, next) => {
    if (name === '${module}') throw new Error('it was not installed');
    return next(name, context);
  }`;
  const hookUrl = `data:text/javascript,${encodeURIComponent(hook)}`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(hookUrl)});`;
  return ['--import', `data:text/javascript,${encodeURIComponent(register)}`];
}

describe('doctor', () => {
  it('checks the machine alone, one line each within 80 columns', async () => {
    const { code, stdout, stderr } = await runMain(['doctor']);
    expect({ code, stderr }).toEqual({ code: EXIT.done, stderr: '' });
    expect(stdout).toMatch(/^This machine\n( {2}passed {2}.+\n){7}\n$/);
    expect(narrow(stdout)).toBe(true);
  });

  it('checks the nano models, a model folder and a checkpoint, and ends with 0', async () => {
    const folders = [join(root, 'early-exit'), join(nano, 'sft')];
    const { code, stdout } = await runMain(['doctor', ...folders]);
    expect(code).toBe(EXIT.done);
    for (const folder of folders) expect(stdout).toContain(`\n${folder}\n  passed  files: `);
    for (let exit = 3; exit <= 10; exit++)
      expect(stdout).toMatch(new RegExp(`^ {2}passed {2}exit ${exit}: `, 'm'));
    expect(stdout).not.toContain('FAILED');
  });

  it('ends with 3 for a damaged folder, and says what is wrong and what to do within 80 columns', async () => {
    const { modelFolder } = importRandomModel(root, 'damaged', { exits: [2, 4] });
    damageTensor(join(modelFolder, 'model.safetensors'), 'model.norm.weight', 0, 'NaN');
    const { code, stdout } = await runMain(['doctor', modelFolder, join(root, 'early-exit')]);
    expect(code).toBe(EXIT.failedCheck);
    expect(stdout).toMatch(
      / {2}FAILED {2}weights: model\.safetensors: expected finite numbers, found NaN or/,
    );
    expect(stdout.replace(/\s+/g, ' ')).toContain('model.norm.weight (1 in model.safetensors)');
    expect(narrow(stdout)).toBe(true);
    expect(stdout).toContain(`\n${join(root, 'early-exit')}\n  passed`);
  });

  it('refuses a folder that is no model with 2', async () => {
    const ended = await runMain(['doctor', root]);
    expect(refusalOf({ ...ended, stdout: '' })).toContain('found neither');
  });

  it('says that ONNX Runtime does not load, where every other command would only end', async () => {
    const { code, stdout, stderr } = await runBin(['doctor'], undefined, without('onnxruntime-node'));
    expect(code, stderr).toBe(EXIT.failedCheck);
    expect(stdout).toMatch(
      / {2}FAILED {2}ONNX Runtime: onnxruntime-node: expected .*\n.*it was not installed/,
    );
    expect(stdout).toMatch(/ {2}passed {2}SQLite/);
  });
});
