import type { Sweep } from '../src/evaluate/open-sweep.ts';
import { prepareJudgeFolder } from '../src/sources/prepare-folder.ts';
import { isFolderJudge } from '../src/sources/sources.ts';

/** Model folder of a sweep's judge, which must be one of this machine. */
export function sweepJudgeFolder({ config, progress }: Sweep): Promise<string> {
  const { judge, output } = config;
  if (!judge || !isFolderJudge(judge))
    throw new Error('the sweep’s judge must be a checkpoint or a model folder');
  return prepareJudgeFolder(judge, output, { progress });
}
