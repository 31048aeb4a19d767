import type { Comparison } from '../../../core/domain.ts';
import { labelOf } from '../../../figures/run/labels.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { outcomeNames } from '../../content/pair/pairs.ts';
import { type ChangedPair, changedPairs, sameComparison } from '../../content/run-comparison.ts';
import { RowTable } from '../../parts/lists/row-table.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { pairOutcomesRead } from '../../queries/outcome-query.ts';
import { numberSetting } from '../../route.ts';
import { useChange, useLink, usePage, useRead } from '../../state.ts';

/** Pairs on which the judge changed its mind from one run to the other. */
export function ChangedPairs({ own, other }: { own: RunHead; other: RunHead }) {
  const { settings } = usePage().route;
  const change = useChange();
  const common = own.comparisons.filter((one) => sameComparison(other, one) !== undefined);
  const shown = common.find(({ name }) => name === settings['comparison']) ?? common[0];
  if (shown === undefined) return null;
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">Pairs whose verdict changed</h2>
      <label>
        Comparison{' '}
        <select
          value={shown.name}
          onChange={(event) => change({ comparison: event.currentTarget.value, a: '', b: '' })}
        >
          {common.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <Changed own={own} other={other} shown={shown} theirs={sameComparison(other, shown)!} />
    </section>
  );
}

interface ChangedProps {
  readonly own: RunHead;
  readonly other: RunHead;
  readonly shown: Comparison;
  readonly theirs: Comparison;
}

function Changed({ own, other, shown, theirs }: ChangedProps) {
  const { settings } = usePage().route;
  const [exitA, exitB] = [numberSetting(settings, 'a'), numberSetting(settings, 'b')];
  const now = useRead('first', pairOutcomesRead(own.run, shown.name));
  const then = useRead('second', pairOutcomesRead(other.run, theirs.name));
  return (
    <Ready state={now}>
      {(after) => (
        <Ready state={then}>
          {(before) => {
            const all = changedPairs(after, before);
            const chosen = all.filter(
              (pair) => exitA === undefined || (pair.own.exitA === exitA && pair.own.exitB === exitB),
            );
            const where = exitA === undefined ? '' : ` at exit ${exitA} against ${exitB}`;
            return (
              <>
                <p role="status">
                  {chosen.length} pairs{where}; {all.length} in the whole comparison.
                </p>
                <ChangedTable pairs={chosen} own={own} shown={shown} />
              </>
            );
          }}
        </Ready>
      )}
    </Ready>
  );
}

interface TableProps {
  readonly pairs: readonly ChangedPair[];
  readonly own: RunHead;
  readonly shown: Comparison;
}

function ChangedTable({ pairs, own, shown }: TableProps) {
  const link = useLink();
  const words = outcomeNames([labelOf(own, shown.modelA), labelOf(own, shown.modelB)]);
  if (pairs.length === 0) return null;
  return (
    <RowTable
      label="Changed pairs"
      columns={['Pair', 'Exits', 'In the other run', 'In this run']}
      rows={pairs}
      keyOf={({ own: { exitA, exitB, instructionId } }) => `${exitA} ${exitB} ${instructionId}`}
    >
      {({ own: { exitA, exitB, instructionId }, before, after }) => {
        const address = { comparison: shown.name, a: String(exitA), b: String(exitB) };
        return (
          <>
            <td>
              <a href={link('pair', { ...address, instruction: instructionId })}>{instructionId}</a>
            </td>
            <td>
              {exitA} against {exitB}
            </td>
            <td>{words[before]}</td>
            <td>{words[after]}</td>
          </>
        );
      }}
    </RowTable>
  );
}
