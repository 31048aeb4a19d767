import { expect, it } from 'vitest';
import { refuseRepeatedIndices } from '../../src/data/repeated-index.ts';
import { inputErrorOf } from '../support/failure.ts';

const at = (index: number, line: number) => ({ index, where: `labels.json: record ${line}` });

it('records with numbers of their own are taken, whatever their order', () => {
  expect(() => refuseRepeatedIndices([at(7, 1), at(0, 2), at(3, 3)], 'bad-schema')).not.toThrow();
});

it('two records with one number are refused, and both are named', async () => {
  const error = await inputErrorOf(() => refuseRepeatedIndices([at(7, 1), at(3, 2), at(7, 3)], 'bad-schema'));
  expect(error).toMatchObject({ code: 'bad-schema', where: 'labels.json: record 3' });
  expect(error.found).toBe('idx 7, which labels.json: record 1 has too');
});
