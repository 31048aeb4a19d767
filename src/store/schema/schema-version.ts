/** `PRAGMA user_version` of a file that this program writes: the last of its migrations. */
export const SCHEMA_VERSION = 5;
