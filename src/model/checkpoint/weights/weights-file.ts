import { readSafetensorsHeader } from '../safetensors.ts';
import { readTorchFile } from '../torch/torch-file.ts';
import type { WeightsFile } from './tensor-place.ts';

/**
 * Reads where the tensors of a file lie: `.bin` is PyTorch's, everything else safetensors.
 * @throws InputError `bad-checkpoint` or `unsupported-model` when the file is not what its name says
 */
export function readWeightsFile(path: string): WeightsFile {
  return path.endsWith('.bin') ? readTorchFile(path) : readSafetensorsHeader(path);
}
