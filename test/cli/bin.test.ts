import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/terminal.ts';
import { isNodeSupported, MIN_NODE } from '../../src/core/version.ts';
import { runBin } from './run.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'src');

/** Options that let Node take itself for another version. */
function asNode(version: string): string[] {
  const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}

describe('an old Node', () => {
  it.each([['--help'], ['sweep', 'no.yaml']])('is refused before anything else: %s', async (...args) => {
    const { code, stdout, stderr } = await runBin(args, undefined, asNode('18.20.8'));
    expect({ code, stdout }).toEqual({ code: EXIT.badInput, stdout: '' });
    expect(stderr).toMatch(
      /^sorted-eval: [^\n]+: expected Node 20\.19 or later, found 18\.20\.8\. [^\n]+\n$/,
    );
  });

  it('meets no static import that it could not load', () => {
    const importsOf = (file: string) =>
      [...readFileSync(join(SOURCE, file), 'utf8').matchAll(/^(?:import|export) .* from '(.*)';$/gm)].map(
        ([, path]) => path,
      );
    expect(importsOf('bin.ts')).toEqual(['./cli/terminal.ts', './core/version.ts']);
    expect(importsOf('cli/terminal.ts')).toEqual([]);
    expect(importsOf('core/version.ts')).toEqual(['node:fs']);
  });
});

describe('the oldest Node', () => {
  it('is the one of package.json, and newer ones are supported, too', () => {
    expect(MIN_NODE).toBe('20.19');
    for (const version of ['20.19.0', '20.20.1', '22.0.0', '100.1.0']) {
      expect(isNodeSupported(version), version).toBe(true);
    }
    for (const version of ['20.18.9', '20.2.0', '18.20.0', '9.99.0']) {
      expect(isNodeSupported(version), version).toBe(false);
    }
  });
});
