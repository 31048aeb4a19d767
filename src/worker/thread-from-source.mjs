// The worker of a process that runs from source, where Node cannot read TypeScript: tests. Not part of the build.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
