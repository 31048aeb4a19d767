/** docs/sweep-file.md: every key of a sweep file, from the schemas that check one. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { sweepSchema } from '../../src/config/sweep-schema.ts';
import { endpointSchema } from '../../src/sources/http/endpoint.ts';
import { JUDGE_SOURCES, judgeSchema, MODEL_SOURCES, modelSchema } from '../../src/sources/sources.ts';
import { codeBlock, generatedFrom, table } from './markdown.ts';
import { definitionOf, keyRows, type Sections } from './zod-text.ts';

const EXAMPLE = new URL('../../eval-data/nano/sweep.yaml', import.meta.url);

const SECTIONS: Sections = new Map([
  [definitionOf(modelSchema), '[models](#models)'],
  [definitionOf(judgeSchema), '[judge](#judge)'],
  [definitionOf(endpointSchema), '[endpoint](#endpoint)'],
]);

export function sweepFilePage(): string {
  return [
    introduction(),
    `## Keys\n\n${keyTable(sweepSchema)}`,
    `## Models\n\n${MODELS}`,
    ...MODEL_SOURCES.map(({ key, title, schema }) => source(key, title, schema)),
    `## Judge\n\n${JUDGE}`,
    ...JUDGE_SOURCES.map(({ key, title, keys }) => source(key, title, keys)),
    `## Endpoint\n\nWhere an OpenAI-compatible server is and how many requests it gets.\n\n${keyTable(endpointSchema)}`,
    '',
  ].join('\n\n');
}

function introduction(): string {
  return `# Sweep file

${generatedFrom('the schemas in src/config/sweep-schema.ts and src/sources')}

A YAML file with the keys below; unknown keys are errors. Paths are relative to the file. A key at its default makes no new run: results
of a file that does not name it stay valid. The nano run's file:

${codeBlock(readFileSync(EXAMPLE, 'utf8'), 'yaml')}`;
}

const MODELS =
  'Each model has exactly one of the keys `path`, `endpoint`, `server` or `answers`, which tells where its responses come from.';
const JUDGE =
  'A judge has exactly one of the keys `path`, `endpoint`, `server` or `verdicts` ([judges](judges.md)).';

function source(key: string, title: string, schema: z.ZodType): string {
  if (!(schema instanceof z.ZodObject)) throw new Error(`The keys of ${title} are no object`);
  return `### ${title}: \`${key}\`\n\n${keyTable(schema)}`;
}

function keyTable(schema: z.ZodObject): string {
  const rows = keyRows(schema, SECTIONS);
  return table(
    ['Key', 'Type', 'Default', 'Meaning'],
    rows.map(({ path, type, default: fallback, description }) => [
      `\`${path}\``,
      type,
      fallback,
      description,
    ]),
  );
}
