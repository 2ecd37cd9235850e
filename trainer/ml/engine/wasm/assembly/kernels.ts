// All that the engine calls, by the names in kernel-library.ts.
export { adamw } from './adamw';
export { dropoutEach, dropoutMask } from './dropout';
export { binary, unary } from './elementwise';
export { multiplyBatch, multiplyPacked, packRight } from './gemm';
export { addPartials, layerNorm, layerNormGradient } from './layer-norm';
export { sumColumnsPartly, sumPartials, sumRows } from './reduce';
export { softmax } from './softmax';
export { setThread } from './threads';
export { swapRows, transposeMatrices } from './transpose';
export { gatherWindows } from './windows';
