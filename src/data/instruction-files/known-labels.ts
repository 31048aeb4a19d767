/**
 * Keys of instruction files that say something about a record and are no part of what it asks. They are kept with the
 * instruction. `docs/instruction-files.md` lists them.
 */
export const KNOWN_LABELS: readonly string[] = [
  ...['id', 'idx', 'index', '_id', 'uid', 'uuid', 'task_id', 'question_id', 'instruction_id', 'instance_id'],
  ...['prompt_id', 'source_id', 'conversation_id', 'name'],
  ...['category', 'subcategory', 'motivation_app', 'type', 'task', 'task_type', 'topic', 'domain', 'cluster'],
  ...['skill', 'skills', 'tags', 'difficulty', 'level', 'is_classification', 'lang', 'language'],
  ...['source', 'dataset', 'datasplit', 'split', 'subset', 'license', 'url'],
  ...['generator', 'model', 'model_id', 'timestamp'],
  // PandaLM's labelled pairs: two other models' responses, and what annotators say about them.
  ...['cmp_key', 'response1', 'response2', 'annotator1', 'annotator2', 'annotator3'],
];
