// Write the sub-model of one exit as an ordinary Hugging Face checkpoint, for vLLM, llama.cpp or transformers.
import { join } from 'node:path';
import { extractCheckpoint, InputError, NANO_FOLDER } from 'sorted-eval';

const source = process.argv[2] ?? join(NANO_FOLDER, 'models', 'soft');
const exit = Number(process.argv[3] ?? 5);
try {
  const { checkpoints, layers } = await extractCheckpoint(source, `soft-exit-${exit}`, { exit });
  for (const { folder, bytes } of checkpoints)
    console.log(`${folder}: ${exit} of ${layers} layers, ${bytes} bytes`);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
