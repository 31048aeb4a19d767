// The process for chat templates of a program that runs from source, where Node cannot read TypeScript: tests and scripts. Not part of the build.
import { pathToFileURL } from 'node:url';

const compiled = process.env['SORTED_EVAL_COMPILED'];
if (compiled === undefined) (await import('tsx/esm/api')).register();
await import(
  compiled === undefined ? './chat-process.ts' : `${pathToFileURL(compiled)}/model/chat/chat-process.js`
);
