// The relay of a process that runs from source, where Node cannot read TypeScript: tests and scripts. Not part of the build.
import { pathToFileURL } from 'node:url';

const compiled = process.env['SORTED_EVAL_COMPILED'];
if (compiled === undefined) (await import('tsx/esm/api')).register();
await import(
  compiled === undefined ? './guard-relay.ts' : `${pathToFileURL(compiled)}/core/runtime/guard-relay.js`
);
