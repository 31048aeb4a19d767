import type { RunHead } from '../../store/read/run-head.ts';
import { QueryLink } from '../parts/query-link.tsx';
import { Answered } from '../parts/query-state.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { Excerpt, Quoted } from '../parts/shown-text.tsx';
import type { AnswerDetail } from '../queries/cell-query.ts';
import type { InstructionRow } from '../queries/instruction-query.ts';
import { instructionQuery } from '../queries/shown-queries.ts';
import { useAsk, useChange, useLink, usePage, useRun } from '../state.ts';
import { Right } from './cell-table.tsx';

/** All instructions, or one at all exits of all models: where does an answer become good? */
export function InstructionView() {
  const { settings } = usePage().route;
  const head = useAsk('first', 'head', useRun());
  const id = settings['id'];
  return (
    <Answered asked={head}>
      {(found) => found && (id === undefined ? <List head={found} /> : <Grid head={found} id={id} />)}
    </Answered>
  );
}

function List({ head }: { head: RunHead }) {
  const search = usePage().route.settings['search'] ?? '';
  const change = useChange();
  const found = useAsk('first', 'instructions', head.run, search);
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
      <Answered asked={found}>{(rows) => <ListTable rows={rows} />}</Answered>
    </>
  );
}

function ListTable({ rows }: { rows: readonly InstructionRow[] }) {
  const link = useLink();
  return (
    <>
      <p role="status">{rows.length} instructions</p>
      <Scroll label="Instructions">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Instruction</th>
              <th scope="col">Input</th>
              <th scope="col">Right answers</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ instructionId, instruction, input, correct, answers }) => (
              <tr key={instructionId}>
                <td>
                  <a href={link('instruction', { id: instructionId })}>
                    <Excerpt text={instruction} />
                  </a>
                </td>
                <td>{input !== '' && <Excerpt text={input} />}</td>
                <td>{correct === null ? 'not known' : `${correct} of ${answers}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function Grid({ head, id }: { head: RunHead; id: string }) {
  const link = useLink();
  const answers = useAsk('first', 'answers', head.run, id);
  return (
    <>
      <p>
        <a href={link('instruction')}>All instructions</a>
      </p>
      <Answered asked={answers}>
        {(found) =>
          found[0] === undefined ? (
            <h1>No such instruction</h1>
          ) : (
            <>
              <Task answer={found[0]} />
              <GridTable head={head} answers={found} />
              <QueryLink sql={instructionQuery(head.run, id)} />
            </>
          )
        }
      </Answered>
    </>
  );
}

function Task({ answer: { instruction, input, answer } }: { answer: AnswerDetail }) {
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

function GridTable({ head, answers }: { head: RunHead; answers: readonly AnswerDetail[] }) {
  const exits = [...new Set(answers.map(({ exit }) => exit))].sort((one, other) => one - other);
  return (
    <Scroll label="Answers">
      <table class="plain grid">
        <thead>
          <tr>
            <th scope="col">Exit</th>
            {head.models.map(({ model, label }) => (
              <th key={model} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {exits.map((exit) => (
            <tr key={exit}>
              <th scope="row">{exit}</th>
              {head.models.map(({ model }) => (
                <GridCell
                  key={model}
                  answer={answers.find((answer) => answer.model === model && answer.exit === exit)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function GridCell({ answer }: { answer: AnswerDetail | undefined }) {
  if (answer === undefined) return <td class="muted">–</td>;
  return (
    <td class={answer.correct === 1 ? 'right' : undefined}>
      <Right correct={answer.correct} />
      <Quoted text={answer.text} />
    </td>
  );
}
