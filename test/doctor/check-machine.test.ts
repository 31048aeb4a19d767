import { describe, expect, it } from 'vitest';
import { MIN_NODE } from '../../src/core/version.ts';
import { machineChecks, nodeVersion } from '../../src/doctor/check-machine.ts';
import { inputErrorOf } from '../support/failure.ts';

describe('machineChecks', () => {
  it('passes where the tests themselves run', async () => {
    const checks = await machineChecks();
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual([
      'Node',
      'ONNX Runtime',
      'SQLite',
      'canvas',
      'processor',
      'memory',
      'disk',
    ]);
  });
});

describe('nodeVersion', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('takes %s', (version) => {
    expect(nodeVersion(version)).toBe(version);
  });

  it.each(['20.18.9', '20.2.0', '18.20.0', '9.99.0'])('refuses %s', async (version) => {
    const error = await inputErrorOf(() => nodeVersion(version));
    expect(error.message).toContain(`expected Node ${MIN_NODE} or later, found ${version}`);
  });
});
