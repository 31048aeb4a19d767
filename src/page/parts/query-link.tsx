import { Fragment } from 'preact';
import { literalSql, type PlainRead } from '../../store/read/read.ts';
import { useLink } from '../state.ts';

/** Leads to the very SQL whose rows are shown, so that it can be changed and run again. */
export function QueryLink({ read, of }: { read: PlainRead; of?: string }) {
  const link = useLink();
  return (
    <a class="query" href={link('sql', { q: literalSql(read) })}>
      Show the query{of === undefined ? '' : `: ${of}`}
    </a>
  );
}

/** One link for each read of a figure, with a space between: lines break there, and copied text keeps them apart. */
export function QueryLinks({ reads }: { reads: Readonly<Record<string, PlainRead>> }) {
  const named = Object.entries(reads);
  return (
    <>
      {named.map(([name, read]) => (
        <Fragment key={name}>
          <QueryLink read={read} {...(named.length > 1 && { of: name })} />{' '}
        </Fragment>
      ))}
    </>
  );
}
