import { partsOfDynamicName } from '../../core/sub-models.ts';
import { type ModelParameters, modelParametersRead } from '../../store/read/exit-reads.ts';
import { exitsOf, labelOf } from './labels.ts';
import { memory, separateModels } from './memory-bars.ts';
import type { RunFigure } from './run-figure.ts';

/** Models beside as many separate ones as they have exits. Models whose size is not known are left out. */
export const MEMORY_FIGURE: RunFigure<{ models: readonly ModelParameters[] }> = {
  name: 'memory',
  title: 'Memory',
  alt: 'Parameters of each model, in stacked bars',
  missing: "The models' sizes are not known.",
  section: 'measurements',
  reads: ({ run }) => ({ models: modelParametersRead(run) }),
  draw(head, rows, { sheet }) {
    // What chooses its depth token by token has the weights of its model.
    const models = rows.models.filter(({ model }) => !partsOfDynamicName(model));
    const [first] = models;
    if (first === undefined) return undefined;
    const bars = models.map((model) => ({
      label: labelOf(head, model.model),
      body: model.bodyParameters,
      embedding: model.embeddingParameters,
      head: model.headParameters,
      extraHeads: model.extraHeadParameters,
    }));
    const exits = exitsOf(head.models.find(({ model }) => model === first.model)!);
    const separate = separateModels(bars[0]!, exits, first.layers);
    return memory({
      sheet,
      title: `Parameters of one model that serves all exits: ${bars.map(({ label }) => label).join(', ')}`,
      unit: 'parameters',
      bars: [
        ...bars,
        { label: exits.length === 1 ? '1 separate model' : `${exits.length} separate models`, ...separate },
      ],
      notes: [
        'Extra exit heads of an early-exit model: (|B| − 1)·D·V parameters, |B| exits, width D, vocabulary V.',
        `Separate models: one for each exit ${exits.join(', ')}, each with its own layers, embedding and head.`,
      ],
    });
  },
};
