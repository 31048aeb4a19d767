import { klPointsRead, type StoredKlPoint } from '../../store/read/exit-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { klCurves } from './kl-curves.ts';
import { labelOf, sizeOf } from './labels.ts';
import type { RunFigure } from './run-figure.ts';

/** Figure 2 of the paper: one panel for each curve. */
export const KL_FIGURE: RunFigure<{ points: readonly StoredKlPoint[] }> = {
  name: 'kl',
  title: 'KL divergence by output position',
  alt: 'KL divergence by output position',
  missing: 'No divergence was measured.',
  section: 'measurements',
  switches: 'Exits shown',
  reads: ({ run }) => ({ points: klPointsRead(run) }),
  draw(head, { points }, { sheet }) {
    if (points.length === 0) return undefined;
    return klCurves({
      direction: 'KL(reference ‖ sub-model)',
      subject: `${modelsOf(head, points)} (no judge, ${sizeOf(head)})`,
      unit: 'nats',
      sheet,
      path: "teacher-forced on the reference's greedy answer",
      notes: [
        `Mean over the n instructions whose reference answer reaches the position; ${instructionsText(points)}.`,
      ],
      panels: curvesInOrder(head, points).map((curve) => {
        const own = points.filter((point) => point.curve === curve);
        return { title: curveTitle(head, own[0]!), points: own };
      }),
    });
  },
};

/** Names of the curves that have points, as the sweep file orders them. */
function curvesInOrder(head: RunHead, points: readonly StoredKlPoint[]): string[] {
  const prefixes = head.curves.map(({ model, reference }) => `${model} from ${reference}@`);
  const rank = (curve: string) => prefixes.findIndex((prefix) => curve.startsWith(prefix));
  const curves = [...new Set(points.map(({ curve }) => curve))];
  return curves.sort((left, right) => rank(left) - rank(right));
}

function curveTitle(head: RunHead, { model, referenceModel, referenceExit }: StoredKlPoint): string {
  const reference = model === referenceModel ? 'its own' : `${labelOf(head, referenceModel)}'s`;
  return `${labelOf(head, model)}'s exits from ${reference} exit ${referenceExit}`;
}

/** `n = 170 at position 0, 3 at position 14`: whose numbers are few is seen before they are read. */
function instructionsText(points: readonly StoredKlPoint[]): string {
  const ordered = [...points].sort((one, other) => one.position - other.position);
  const [first, last] = [ordered[0]!, ordered.at(-1)!];
  const fewest = Math.min(
    ...points.filter(({ position }) => position === last.position).map((point) => point.instructions),
  );
  const end = last.position > first.position ? `, ${fewest} at position ${last.position}` : '';
  return `n = ${first.instructions} at position ${first.position}${end}`;
}

/** Labels of the models whose exits are drawn. */
function modelsOf(head: RunHead, points: readonly StoredKlPoint[]): string {
  const drawn = head.models.filter(({ model }) => points.some((point) => point.model === model));
  return drawn.map(({ label }) => label).join(', ');
}
