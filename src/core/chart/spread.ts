/**
 * Places on a line for labels that would rather stand at `wanted`: at least `gap` apart, in the order wanted, none
 * moved further than its neighbours make it, between `low` and `high` as far as there is room.
 *
 * @returns in the order of `wanted`
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): readonly number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  // Neighbours that touch move as one block, which stands where its members would rather on average.
  const blocks: { members: number[]; start: number }[] = [];
  const settle = (members: number[]) => {
    const mean = members.reduce((sum, i, k) => sum + (wanted[i] ?? 0) - k * gap, 0) / members.length;
    return Math.max(low, Math.min(mean, high - (members.length - 1) * gap));
  };
  for (const index of order) {
    let block = { members: [index], start: settle([index]) };
    for (let last = blocks.at(-1); last && last.start + last.members.length * gap > block.start; last = blocks.at(-1)) {
      blocks.pop();
      const members = [...last.members, ...block.members];
      block = { members, start: settle(members) };
    }
    blocks.push(block);
  }
  const places = wanted.map(() => 0);
  for (const { members, start } of blocks) members.forEach((index, k) => (places[index] = start + k * gap));
  return places;
}
