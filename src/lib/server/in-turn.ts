const tails = new Map<string, Promise<unknown>>();

/** One work for a key at a time within this process, so that compare and rename are one step. */
export async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const run = (tails.get(key) ?? Promise.resolve()).then(work, work);
  tails.set(key, run);
  try {
    return await run;
  } finally {
    if (tails.get(key) === run) tails.delete(key);
  }
}
