// Removes dist/ so that a build never leaves files of an earlier one behind.
import { rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
