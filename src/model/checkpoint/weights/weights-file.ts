import { readSafetensorsHeader } from '../safetensors.ts';
import { readTorchFile } from '../torch/torch-file.ts';
import type { WeightsFile } from './tensor-place.ts';

/**
 * Reads where the tensors of a file lie: `.bin`, `.pt` and `.pth` are PyTorch's, everything else is safetensors.
 * @throws InputError `bad-checkpoint` or `unsupported-model` when the file is not what its name says
 */
export function readWeightsFile(path: string): WeightsFile {
  return isTorchFile(path) ? readTorchFile(path) : readSafetensorsHeader(path);
}

export const isTorchFile = (path: string) => /\.(?:bin|pt|pth)$/.test(path);

/** Whether a file of this name can hold weights in a model folder. */
export const isWeightsFile = (name: string) => /\.(?:safetensors|bin)$/.test(name);
