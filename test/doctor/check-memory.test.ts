import { describe, expect, it } from 'vitest';
import { memoryText } from '../../src/doctor/check-memory.ts';
import { inputErrorOf } from '../support/failure.ts';

const small = { precision: null, parameters: 30_000, bytes: 60_000 };
const large = { precision: null, parameters: 7e9, bytes: 14e9 };

describe('the memory of a model', () => {
  it('is told with the workers that share the work', () => {
    expect(memoryText(small, { available: 20e9, cores: 4 })).toMatch(
      /^fp32: .*B of 16.*GB usable \(80 % of 20.*GB free\); 4 workers for 4 cores$/,
    );
  });

  it('holds fewer workers than cores where weights are large', () => {
    expect(memoryText(large, { available: 80e9, cores: 16 })).toMatch(
      /^fp32: 28.* GB .*; 2 workers for 16 cores$/,
    );
  });

  it('may hold a checkpoint at another precision only', () => {
    expect(memoryText(large, { available: 16e9, cores: 4 })).toMatch(
      /^not at fp32: 28.* GB; import --precision int8: 8.* GB of 12.8 GB usable .*; 1 worker for 4 cores$/,
    );
  });

  it('that this machine has not is an error that names what it takes', async () => {
    const error = await inputErrorOf(() => memoryText(large, { available: 4e9, cores: 4 }));
    expect(error.code).toBe('bad-machine');
    expect(error.message).toMatch(/fp32: 28.*, int8: 8.*, int4: 5.*, found 3.2.* usable/);
    const folderError = await inputErrorOf(() =>
      memoryText({ ...large, precision: 'fp32' }, { available: 4e9, cores: 4 }),
    );
    expect(folderError.fix).toContain('--precision int8');
  });
});
