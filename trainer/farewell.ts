/** What is said where trainers go on after their supervisor, and how to stop one; empty without any. */
export function farewell(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  return (
    `almanac: ${ids.length === 1 ? 'one run goes' : `${ids.length} runs go`} on without it: ${ids.join(', ')}\n` +
    `almanac: the next start takes up again; to stop one: npx almanac cancel ${ids[0]}\n`
  );
}
