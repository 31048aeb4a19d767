/** Tables of version 4: how deep the tokens of a response went, where depth was chosen token by token. Content. */
import { MEANING } from './column-meanings.ts';
import { table } from './table-type.ts';

export const RESPONSE_DEPTH_4 = table({
  name: 'response_depth',
  description: 'How deep the tokens of a response went, where depth was chosen token by token.',
  columns: {
    response_key: ['TEXT PRIMARY KEY REFERENCES generation', 'content key of the response'],
    token_exits: ["TEXT CHECK (json_type(token_exits) = 'array')", ...MEANING.token_exits],
    drafted: ['INTEGER CHECK (drafted >= 0)', ...MEANING.drafted],
    accepted: ['INTEGER CHECK (accepted BETWEEN 0 AND drafted)', ...MEANING.accepted],
  },
  options: 'STRICT, WITHOUT ROWID',
});

export const DEPTH_TABLES_4 = [RESPONSE_DEPTH_4];

/** Ends of tokens, so that a text can be shown token by token. */
export const RESPONSE_DEPTH = table({
  ...RESPONSE_DEPTH_4,
  columns: {
    ...RESPONSE_DEPTH_4.columns,
    token_ends: ["TEXT CHECK (json_type(token_ends) = 'array')", ...MEANING.token_ends],
  },
});
