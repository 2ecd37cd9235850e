/** A value that is computed when it is first read, and kept. */
export function onceRead<Value extends object>(compute: () => Value): () => Value {
  let value: Value | null = null;
  return () => (value ??= compute());
}
