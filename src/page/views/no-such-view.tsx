import { useLink } from '../state.ts';

/** An address that leads nowhere says so: a mistyped link must not look like the overview. */
export function NoSuchView() {
  const link = useLink();
  return (
    <>
      <h1>There is no such view</h1>
      <p>
        The address ends in <code>{location.hash}</code>, which this page does not have.{' '}
        <a href={link('overview')}>To the overview</a>
      </p>
    </>
  );
}
