/**
 * Bytes that tensors may take on the wasm engine. Its heap ends at 4 GB, and XNNPACK keeps a packed copy of every weight
 * beside them in the rest.
 */
export const wasmMemoryLimit = 3.5e9;

/** Windows in one forward pass when nothing is trained. */
export const evaluationBatch = 256;
