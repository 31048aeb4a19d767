/** What the machine can do at most. */
import type { Peaks } from '../types.ts';
import { measurePeaks } from './peaks.ts';
import { serve } from './serve.ts';

await serve(({ threads }: { readonly threads: number }): Promise<Peaks> => measurePeaks(threads));
