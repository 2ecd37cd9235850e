/**
 * What page, configuration and estimates know of one engine. Each lives in a file of its own and is a line in registry.ts;
 * its other half, which opens it, is in trainer/engines.
 */
export interface EngineDescriptor {
  /** What it is called while nothing more is known of its device, e.g. "WASM". */
  readonly title: string;
  /** It comes with the packages and computes on the processor, so no test is needed to know that it is here. */
  readonly everywhere: boolean;
  /** Bytes that tensors may take on it; null where only the open engine can tell. */
  readonly memoryLimit: number | null;
}
