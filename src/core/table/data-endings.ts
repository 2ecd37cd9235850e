/** Endings that the name of a data file may have, each also followed by `.gz`. */
export const dataEndings = ['csv', 'tsv', 'txt', 'dat', 'json', 'jsonl', 'ndjson', 'parquet', 'zip'] as const;
