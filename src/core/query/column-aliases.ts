/** Other names for columns of runs, as people call them. */
const aliases: Readonly<Record<string, string>> = {
  number: 'run',
  status: 'state',
  tags: 'tag',
  notes: 'note',
  duration: 'took',
};

/** Makes columns known by their other names too, where they are there. */
export function addAliases<Column>(columns: Map<string, Column>): void {
  for (const [name, key] of Object.entries(aliases)) {
    const column = columns.get(key);
    if (column !== undefined) columns.set(name, column);
  }
}
