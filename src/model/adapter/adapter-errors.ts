import { InputError } from '../../core/errors.ts';
import type { AdapterSettings } from './adapter-config.ts';
import type { AdapterTensor } from './adapter-parts.ts';

const placeOf = ({ file, storedName }: AdapterTensor) => `${file}: ${storedName}`;

/** What to do about an adapter that does not fit its base. */
export function otherBase(part: AdapterTensor, expected: string, settings: AdapterSettings): InputError {
  const { base_model_name_or_path: trainedOn } = settings.config;
  return new InputError({
    code: 'bad-checkpoint',
    where: placeOf(part),
    expected,
    found: `${part.dtype} [${part.shape.join(', ')}]`,
    fix: `Give the base that the adapter was trained on${trainedOn ? `: ${trainedOn}` : ''}.`,
  });
}

/** An adapter whose file and adapter_config.json do not say the same. */
export function otherThanConfig(where: string, expected: string, found: string): InputError {
  const fix = 'Give the adapter_config.json that was saved with these weights, or save both anew.';
  return new InputError({ code: 'bad-checkpoint', where, expected, found, fix });
}

export function notMerged(part: AdapterTensor, expected: string, found: string): InputError {
  const fix = 'Merge it with peft (merge_and_unload, then save_pretrained) and import the result.';
  return new InputError({ code: 'unsupported-model', where: placeOf(part), expected, found, fix });
}
