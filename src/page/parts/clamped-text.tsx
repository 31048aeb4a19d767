import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Quoted } from './shown-text.tsx';

/** Beyond these a text in a table is clamped. */
const LONG_CHARACTERS = 160;
const LONG_LINES = 6;

interface ClampedProps {
  readonly text: string | null;
  /** Whose it is, for the button's name. */
  readonly of: string;
  /** The reader wants all texts whole. */
  readonly isWhole: boolean;
  /** The text in a form of its own. Default: as it stands. */
  readonly children?: ComponentChildren;
}

/** The first lines of a long text, and the rest at a click. */
export function ClampedText({ text, of, isWhole, children }: ClampedProps) {
  const [isOpen, setOpen] = useState(false);
  const shown = children ?? <Quoted text={text} />;
  if (isWhole || !isLong(text ?? '')) return <>{shown}</>;
  return (
    <>
      <div class={isOpen ? undefined : 'clamped'}>{shown}</div>
      <button
        type="button"
        class="more"
        aria-expanded={isOpen}
        aria-label={`${isOpen ? 'Less' : 'More'} of ${of}`}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Less' : 'More'}
      </button>
    </>
  );
}

function isLong(text: string): boolean {
  return text.length > LONG_CHARACTERS || text.split('\n').length > LONG_LINES;
}
