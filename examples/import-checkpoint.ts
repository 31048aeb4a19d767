// Import a Hugging Face LLaMA checkpoint: no weight is copied, one folder serves every exit.
import { join } from 'node:path';
import { InputError, importCheckpoint, NANO_FOLDER } from 'sorted-eval';

const checkpoint = process.argv[2] ?? join(NANO_FOLDER, 'models', 'soft');
try {
  const { architecture, exits } = importCheckpoint(checkpoint, 'soft-model', { replace: true });
  console.log(`${architecture.layers} layers, exits ${exits.join(', ')}`);
} catch (error) {
  // One line: what was expected, what was found, where, and what to do. Any other error is a bug.
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
