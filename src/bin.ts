#!/usr/bin/env node
/**
 * Checks Node's version before anything is imported that an old Node cannot load. These lines run on every Node that knows
 * ES modules: no syntax and no import of theirs is newer.
 */
import { EXIT } from './cli/terminal.ts';
import { isNodeSupported, MIN_NODE } from './core/version.ts';

const found = process.versions.node;
if (isNodeSupported(found)) {
  void import('./cli/process.ts').then(({ runProcess }) => runProcess());
} else {
  const fix = `Install a newer Node: https://nodejs.org.`;
  process.stderr.write(
    `sorted-eval: ${process.execPath}: expected Node ${MIN_NODE} or later, found ${found}. ${fix}\n`,
  );
  process.exitCode = EXIT.badInput;
}
