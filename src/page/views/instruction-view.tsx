import { labelOf } from '../../figures/run/labels.ts';
import { promptsRead } from '../../store/read/prompts-read.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { unansweredRead } from '../../store/read/state-reads.ts';
import { RowTable } from '../parts/lists/row-table.tsx';
import { QueryLink } from '../parts/query-link.tsx';
import { Ready } from '../parts/query-state.tsx';
import { Excerpt, Quoted } from '../parts/shown-text.tsx';
import { type ResponseDetail, responsesRead } from '../queries/cell-query.ts';
import { type InstructionRow, instructionListRead, tokenDepthsRead } from '../queries/instruction-query.ts';
import { useChange, useHead, useLink, usePage, useRead, useRun } from '../state.ts';
import { GridTable } from './instruction-grid.tsx';

/** All instructions, or one at all exits of all models: where does an answer become good? */
export function InstructionView() {
  const { settings } = usePage().route;
  const head = useHead('first', useRun());
  const id = settings['id'];
  return (
    <Ready state={head}>
      {(found) => found && (id === undefined ? <List head={found} /> : <Grid head={found} id={id} />)}
    </Ready>
  );
}

function List({ head }: { head: RunHead }) {
  const search = usePage().route.settings['search'] ?? '';
  const change = useChange();
  const found = useRead('first', instructionListRead(head.run, search));
  return (
    <>
      <h1>Instructions</h1>
      <label>
        Search instructions and answers{' '}
        <input
          type="search"
          value={search}
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
      </label>
      <Ready state={found}>{(rows) => <ListTable rows={rows} />}</Ready>
    </>
  );
}

function ListTable({ rows }: { rows: readonly InstructionRow[] }) {
  const link = useLink();
  return (
    <>
      <p role="status">{rows.length} instructions</p>
      <RowTable
        label="Instructions"
        columns={['Instruction', 'Input', 'Right answers']}
        rows={rows}
        keyOf={({ instructionId }) => instructionId}
      >
        {({ instructionId, instruction, input, correct, responses }) => (
          <>
            <td>
              <a href={link('instruction', { id: instructionId })}>
                <Excerpt text={instruction} />
              </a>
            </td>
            <td>{input !== '' && <Excerpt text={input} />}</td>
            <td>{correct === null ? 'not known' : `${correct} of ${responses}`}</td>
          </>
        )}
      </RowTable>
    </>
  );
}

function Grid({ head, id }: { head: RunHead; id: string }) {
  const link = useLink();
  const read = responsesRead(head.run, id);
  const responses = useRead('first', read);
  const depthsRead = tokenDepthsRead(head.run, id);
  const depths = useRead('first', depthsRead).result ?? [];
  const unanswered = useRead('first', unansweredRead(head.run, id)).result ?? [];
  return (
    <>
      <p>
        <a href={link('instruction')}>All instructions</a>
      </p>
      <Ready state={responses}>
        {(found) =>
          found[0] === undefined ? (
            <h1>No such instruction</h1>
          ) : (
            <>
              <Task response={found[0]} />
              <Prompts head={head} id={id} />
              <GridTable head={head} responses={found} unanswered={unanswered} depths={depths} />
              <QueryLink read={read} />
              {depths.length > 0 && <QueryLink read={depthsRead} />}
            </>
          )
        }
      </Ready>
    </>
  );
}

function Task({ response: { instruction, input, answer } }: { response: ResponseDetail }) {
  return (
    <>
      <h1>
        <Quoted text={instruction} />
      </h1>
      {input !== '' && (
        <p>
          <span class="muted">Input: </span>
          <Quoted text={input} />
        </p>
      )}
      <p>
        <span class="muted">Right answer: </span>
        {answer === null ? 'not known' : <Quoted text={answer} />}
      </p>
    </>
  );
}

/** What the models read; those that read the same stand together. */
function Prompts({ head, id }: { head: RunHead; id: string }) {
  const read = promptsRead(head.run, id);
  const prompts = useRead('first', read);
  return (
    <Ready state={prompts}>
      {(found) => (
        <>
          {[...new Set(found.map(({ prompt }) => prompt))].map((prompt) => (
            <details key={prompt}>
              <summary>
                Prompt as{' '}
                {found
                  .filter((one) => one.prompt === prompt)
                  .map(({ model }) => labelOf(head, model))
                  .join(', ')}{' '}
                read it
              </summary>
              <Quoted text={prompt} />
            </details>
          ))}
        </>
      )}
    </Ready>
  );
}
