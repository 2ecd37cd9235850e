/** A term of a loss, or the whole: its figures of both splits, null where it was not recorded. */
interface LossRow {
  /** Name of the task; null for the whole loss. */
  readonly task: string | null;
  readonly train: number | null;
  readonly validation: number | null;
}

/** The terms of a loss in the order in which they were recorded, and the whole at the end. */
export function lossRows(names: readonly string[], figure: (name: string) => number | null): readonly LossRow[] {
  const tasks = new Set<string | null>(
    names.flatMap((name) => {
      const term = /^(?:train|val)\.(?:(.+)\.)?loss$/.exec(name);
      return term ? [term[1] ?? null] : [];
    }),
  );
  const row = (task: string | null): LossRow => {
    const of = (split: 'train' | 'val') => figure(task === null ? `${split}.loss` : `${split}.${task}.loss`);
    return { task, train: of('train'), validation: of('val') };
  };
  const terms = [...tasks].filter((task) => task !== null);
  return [...terms.map(row), ...(tasks.has(null) ? [row(null)] : [])];
}
