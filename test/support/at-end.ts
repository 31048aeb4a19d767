import { afterAll, onTestFinished, TestRunner } from 'vitest';

/** Calls `undo` once the calling test is over, or outside of a test once all those of the calling file are. */
export function atEnd(undo: () => void): void {
  const end = TestRunner.getCurrentTest() ? onTestFinished : afterAll;
  end(undo);
}
