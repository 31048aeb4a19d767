import {
  type LayersUsed,
  layersUsedRead,
  type QualitySpeed,
  qualitySpeedRead,
} from '../../store/read/exit-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { type AnswerStates, answerStatesRead } from '../../store/read/state-reads.ts';
import { exitsOf, sizeOf } from './labels.ts';
import { type QualitySpeedPoint, qualitySpeed } from './quality-speed.ts';
import type { RunFigure } from './run-figure.ts';
import { unansweredNotes } from './state-notes.ts';

/** Quality and speed of every exit of every model. */
export const QUALITY_SPEED_FIGURE: RunFigure<
  { exits: readonly QualitySpeed[]; depths: readonly LayersUsed[] },
  { states: readonly AnswerStates[] }
> = {
  name: 'quality-speed',
  title: 'Quality against speed',
  alt: 'Quality and speed by exit',
  missing: 'Neither was measured.',
  section: 'measurements',
  reads: ({ run, speedBatchSize }) => ({
    exits: qualitySpeedRead(run, speedBatchSize),
    depths: layersUsedRead(run),
  }),
  draw(head, { exits, depths }, { sheet }) {
    const isQualityKnown = exits.some(({ exactMatch }) => exactMatch !== null);
    const isSpeedKnown = exits.some(({ tokensPerSecond }) => tokensPerSecond !== null);
    if (!isQualityKnown && !isSpeedKnown) return undefined;
    const names = head.models.map(({ label }) => label).join(', ');
    return qualitySpeed({
      sheet,
      title: `Quality and speed by exit: ${names} (known answers, no judge, ${sizeOf(head)})`,
      quality: { label: 'Exact match with the known answer', range: [0, 1], format: 'percent' },
      notes: [
        ...speedNotes(head, exits),
        ...(isQualityKnown ? [] : ['The instruction set has no known answers, so quality is not drawn.']),
      ],
      models: head.models.map((model) => ({
        name: model.label,
        points: exitsOf(model).map((exit) => ({
          ...pointOf(exits, model.model, exit),
          ...meanLayers(depths, model.model),
        })),
      })),
    });
  },
  notes: {
    reads: ({ run }) => ({ states: answerStatesRead(run) }),
    paragraphs: (_head, { states }) => unansweredNotes(states),
  },
};

/** Of a model that chooses its depth token by token: where it stands among the exits. */
function meanLayers(depths: readonly LayersUsed[], name: string): { meanLayers?: number } {
  const own = depths.find(({ model, depth }) => model === name && depth === 'adaptive');
  return own?.meanLayers == null ? {} : { meanLayers: own.meanLayers };
}

function pointOf(exits: readonly QualitySpeed[], model: string, exit: number): QualitySpeedPoint {
  const row = exits.find((one) => one.model === model && one.exit === exit);
  return {
    exit,
    quality: row?.exactMatch ?? null,
    instructions: row?.total ?? null,
    tokensPerSecond: row?.tokensPerSecond ?? null,
    speedLow: row?.ciLow ?? null,
    speedHigh: row?.ciHigh ?? null,
    repetitions: row?.repetitions ?? null,
  };
}

/** What was timed how often, and where. */
function speedNotes({ speedBatchSize }: RunHead, exits: readonly QualitySpeed[]): string[] {
  const timed = exits.filter(({ tokensPerSecond }) => tokensPerSecond !== null);
  if (timed.length === 0)
    return ['Speed is not known, so it is not drawn: no model runs here, or it was not measured.'];
  const times = [...new Set(timed.map(({ repetitions }) => repetitions))];
  const isOnce = times.every((count) => count === 1);
  const how = isOnce ? 'timed once' : `median of ${times.join(' or ')} timings, all exits in turns`;
  const bands = timed.some(({ ciHigh }) => ciHigh !== null) ? '; bands: its interval of at least 95 %' : '';
  const machines = [...new Set(timed.map(({ machine }) => machine ?? 'this machine'))];
  return [
    `Speed: greedy decoding, batch ${speedBatchSize}, prefill not counted, nothing else in flight; ${how}${bands}; ${machines.join('; ')}.`,
  ];
}
