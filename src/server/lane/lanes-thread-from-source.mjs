// The server's thread in a process that runs from source, where Node cannot read TypeScript: tests and scripts. Not part of the build.
import { pathToFileURL } from 'node:url';

const compiled = process.env['SORTED_EVAL_COMPILED'];
if (compiled === undefined) (await import('tsx/esm/api')).register();
const built = `${pathToFileURL(compiled ?? '')}/server/lane/lanes-thread.js`;
await import(compiled === undefined ? './lanes-thread.ts' : built);
