/** Other names for columns of runs, as people call them. */
export const columnAliases: Readonly<Record<string, string>> = {
  number: 'run',
  status: 'state',
  tags: 'tag',
  notes: 'note',
  duration: 'took',
};
