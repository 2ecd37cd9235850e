/** Trainable numbers of a dense layer with bias. */
export function dense(from: number, to: number): number {
  return from * to + to;
}
