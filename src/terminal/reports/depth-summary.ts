import type { Reader } from '../../store/database.ts';
import { layersUsedRead } from '../../store/read/exit-reads.ts';
import { read } from '../../store/read/read.ts';
import { alignedText } from '../terminal-layout.ts';
import { visible } from '../text-width.ts';

const MISSING = '–';

/** Mean layers a token of the models that choose their depth token by token; '' where there are none. */
export function depthText(store: Reader, run: string): string {
  const rows = read(store, layersUsedRead(run)).filter(({ depth }) => depth !== 'fixed');
  if (rows.length === 0) return '';
  return alignedText([
    ['Depth token by token', 'layers a token', 'drafts accepted, %'],
    ...rows.map(({ model, meanLayers, acceptance }) => [
      visible(model, NAME_WIDTH),
      meanLayers?.toFixed(2) ?? MISSING,
      acceptance === null ? MISSING : (100 * acceptance).toFixed(1),
    ]),
  ]);
}

const NAME_WIDTH = 40;
