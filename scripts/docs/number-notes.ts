/** What the schema's own descriptions do not tell of a number: where it comes from, and what it is not. */

export interface NumberGroup {
  readonly title: string;
  /** Where the numbers of the group come from. */
  readonly from: string;
  /** Column → what it is not. */
  readonly not: Readonly<Record<string, string>>;
}

const OF_THE_RUN = 'of other runs, whatever they share';

export const NUMBER_GROUPS: readonly NumberGroup[] = [
  {
    title: 'Places',
    from: 'The sweep file, the instruction file and the models’ manifests; counted from 0 where the meaning tells so, layers from 1.',
    not: {
      exit: 'an index of exits: exit 6 uses six layers',
      exit_a: 'an index of exits',
      exit_b: 'an index of exits',
      reference_exit: 'the exit that is measured',
      layers:
        'the layers of a sub-model; of a recorded or served model without `layers` in the sweep file it is its last exit',
      position: 'a number that survives another order of the file: ids do',
      repetition:
        'as a share, the degeneration class itself, which has limits; as a round, a number of repetitions',
      parser_version: 'a version of sorted-eval',
    },
  },
  {
    title: 'Scores',
    from: 'Computed by the stage score from stored verdicts, under every policy ([metrics](metrics.md)); only cells whose every instruction is judged in both orders.',
    not: {
      wins: 'a share; and not right answers, but what the judge preferred',
      losses: 'a share',
      ties: 'malformed verdicts, unless `malformed_rule` is tie; and no sign of equal quality',
      malformed: 'ties: nobody knows what the judge meant',
      total: 'W + L alone; under pooled it is twice the number of instructions',
      score: 'a win rate: 0 is even, −1 is possible; and no quality by itself, for it is against one model',
      ci_low:
        'of repetitions of the run: over other instructions (scores, KL) or other timings (speed) of the same kind, judge and models being given',
      ci_high: 'likewise',
      p_value: 'corrected for the number of cells',
      p_holm: 'the probability that the models are equal',
      judge_agreement: 'agreement with people; it is with known answers',
    },
  },
  {
    title: 'Exits beside full depth',
    from: 'Computed by views from stored verdicts, right responses and timings ([metrics](metrics.md#not-worse-than-full-depth)).',
    not: {
      n: 'of the whole set: a pair with a response that is no answer is not in it',
      difference: 'a difference of qualities: of what the judge preferred, or of exact match',
      exits: 'layers: a number of exits',
      margin: 'a result: a choice',
      rounds: 'tokens or steps',
      ratio:
        'a ratio of two medians: of each round by itself; and not of whole responses, which differ in length',
    },
  },
  {
    title: 'Verdicts',
    from: 'Counted by views from `judgement`, in which every text of the judge is stored, and `judged_pair`, which tells which pairs and orders it settles.',
    not: {
      verdicts: 'texts of the judge: equal answers make equal prompts, read once',
      texts: 'verdicts',
      pairs: 'verdicts: a pair has two, one for each order; of labelled pairs one',
      undecided: 'malformed verdicts alone: ties are among them',
      named_slots: 'all verdicts: ties and malformed ones name none',
      first_slots: 'a bias by itself: half of `named_slots` is none',
      first_slot_share: 'of pairs: of verdicts',
      flips: 'errors of one order: which order is right is not known',
      flip_rate:
        '1 − `kept_share`: malformed verdicts are in neither its parts nor its whole, and keep nothing',
      longer: 'a proof of bias: longer answers can be better, and people prefer them, too',
      shorter: 'likewise',
      longer_share: 'corrected for quality; and not in tokens',
      equal: 'ties: the judge preferred one of two answers of equal length',
      kept_pairs: 'right verdicts',
      kept_share: 'accuracy',
      winner_pairs: 'all pairs: those with just one right answer',
      agreeing_verdicts: 'pairs',
      agreement: 'agreement with people; ties count against the judge',
      kept_winner_pairs: 'pairs whose verdict is right',
      kept_winner_share: 'likewise',
      of_a: 'wins of model a: those of its degenerate answers',
      of_b: 'likewise of model b',
      over_ordinary: 'wins over a better answer: over one of the class ordinary',
      share: 'a share of pairs: of verdicts that prefer an answer',
      parameters: 'of the models under test: of the judge; a size, not a quality',
    },
  },
  {
    title: 'Agreement with people',
    from: '`sorted-eval agreement --judge`, on labelled pairs; stored with judge and decoding, shown with every run of that judge.',
    not: {
      accuracy: `agreement on this run's pairs, and not ${OF_THE_RUN}`,
      accuracy_low: 'of single pairs: prompts are drawn, since pairs of one prompt are alike',
      accuracy_high: 'likewise',
      macro_f1: 'F1 of the mean precision and recall',
      kappa: 'a share',
    },
  },
  {
    title: 'Responses',
    from: 'The engine, for a model in this process; the server’s own counts, for one behind a server; nothing, for recorded ones. Correctness is computed by a view from text and known answer.',
    not: {
      generated_tokens: 'words; and 0 is a count, not an absence',
      prompt_tokens:
        'tokens of the instruction alone: the form of the prompt is in it; with a measurement of speed, of the prompt that was continued',
      duration_ms:
        'a speed: other rows of the batch, other workers and the machine shared it. Speed is `tokens_per_second`',
      correct: 'a judge’s opinion; and no partial credit',
      right: 'of all responses: of those with a known answer',
      exact_match: 'quality where answers may differ in words',
      instructions: 'of the whole set, in the views of KL: those whose response reaches the position',
      answers: 'instructions: what is missing is not counted',
      thought_characters: 'part of the response where `strip` took it out',
      echo_characters: 'likewise',
    },
  },
  {
    title: 'States of responses and verdicts',
    from: 'Counted by views from the state that is stored with each text; a response that is no answer is not judged.',
    not: {
      responses: 'instructions: one that was never asked is not counted',
      answered: 'good answers',
      prompt_too_long: 'empty answers: the model was not asked',
      no_content: 'empty answers: there was none',
      refused: 'a refusal in words, which is an answer like any other',
      cut_in_reasoning: 'answers that were cut: none had begun',
      with_thoughts: 'answers that lost them: that is `stripped_thoughts`',
      stripped_thoughts: 'answers that were judged with them',
      with_echo: 'answers that lost it: that is `stripped_echo`',
      stripped_echo: 'answers that were judged with it',
      cut_prompts: 'cut answers: the question was shortened to the context',
    },
  },
  {
    title: 'Degeneration',
    from: 'Measured when a response is stored (`characters`, `repetition`, `compression`) and by the stage likelihood (`mean_log_probability`); classed by views with the limits of [metrics](metrics.md#degeneration).',
    not: {
      characters: 'bytes or UTF-16 units; white space at the ends is not in it',
      compression: 'a measure of short texts: below 20 characters it is not taken',
      mean_log_probability:
        'of the model that answered: of the scorer; and not over what its context did not hold',
      tokens: 'tokens of the model that answered: of the scorer, or of the timed steps',
      degenerate: 'wrong answers, nor empty ones',
      degenerate_share: 'a share of verdicts',
      empty: 'absent answers: those have a state of their own',
      repetitive: 'wrong answers: a list may repeat itself',
      unlikely: 'wrong answers: the scorer would not have written them',
    },
  },
  {
    title: 'KL divergence',
    from: 'The stage kl: both models are forced along the reference model’s greedy response; natural logarithm, whole vocabulary.',
    not: {
      kl_nats: 'bits; and not symmetric: the reference model stands first',
      mean_kl_nats: 'of all instructions: at late positions of the few whose response is that long',
      sd_nats: 'the error of the mean, which is smaller by the root of the instructions',
    },
  },
  {
    title: 'Speed',
    from: 'The stage speed: decoding alone, all exits in turns, every repetition stored; depends on machine and hour.',
    not: {
      batch_size: 'the batch that the responses were generated in',
      tokens_per_second:
        'the speed of the whole sweep: no prompt is read, nothing is judged; across machines it compares nothing',
      repetitions: 'timed steps: the repetitions share `speed.steps`',
    },
  },
  {
    title: 'Depth',
    from: 'The engine, where depth is chosen token by token ([dynamic inference](dynamic.md)); stored with the response, summed by a view.',
    not: {
      mean_layers:
        'work done: layers that were computed later, because a deeper token needed them, are not in it',
      drafted: 'tokens of the response: rejected drafts are in it',
      accepted: 'tokens of the response: those that full depth chose itself are not in it',
      acceptance: 'a gain in speed: a draft has its cost',
    },
  },
  {
    title: 'Sizes',
    from: 'Shapes and types in the checkpoint’s manifest; of recorded and served models the sweep file’s `parameters`.',
    not: {
      body_parameters: 'of a sub-model: of all layers',
      embedding_parameters: 'counted twice where the head is tied to it',
      head_parameters: 'of early exits’ own heads',
      extra_head_parameters: 'heads of the last exit',
      weight_bytes: 'memory in use: weights are float32 there, beside keys and values',
      extra_head_bytes: 'likewise',
    },
  },
  {
    title: 'Checks',
    from: 'The stage score, over the run’s own rows.',
    not: {
      passed:
        'a good result: a failed check means a broken run, a passed one that nothing contradicts itself',
      badge: 'part of exit code 3: a badge is told, and fails nothing',
    },
  },
];
