/** Metric names without the split to their values. */
export type Numbers = Readonly<Record<string, number>>;
