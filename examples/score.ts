// Make a score of verdicts: (wins - losses) / instructions, with a bootstrap interval over the instructions.
import { countOutcomes, drawResamples, scoreInterval, scoreOf, toOutcome } from 'sorted-eval';

// Verdicts with a's response in slot 1, and with a's response in slot 2.
const outcomes = [
  toOutcome('first', '1', '2'),
  toOutcome('second', '1', 'tie'),
  toOutcome('third', '1', '1'),
  toOutcome('fourth', 'tie', 'tie'),
];
const { score, wins, losses, ties } = scoreOf(countOutcomes(outcomes, 'average'));
const resamples = drawResamples(
  outcomes.map(({ instructionId }) => instructionId),
  { seed: 1 },
);
const { low, high } = scoreInterval(resamples, outcomes, 'average');
console.log(`score ${score} (${wins} wins, ${losses} losses, ${ties} ties), 95 % in ${low} to ${high}`);
