// All that the engine calls, by the names in kernel-library.ts.
export { adamw } from './adamw-step';
export { attention, attentionGradient } from './attention';
export { causalConv, causalConvGradient } from './causal-conv';
export { dropoutEach, dropoutMask } from './dropout';
export { binary, unary } from './elementwise';
export { multiplyBatch, multiplyDeep, multiplyPacked, packRight } from './gemm';
export { gru, gruGradient } from './gru-layer';
export { addPartials, layerNorm, layerNormGradient } from './layer-norm';
export { lstm, lstmGradient } from './lstm-layer';
export { sumColumnsPartly, sumPartials, sumRows } from './reduce';
export { setThread } from './threads';
export { swapRows, transposeMatrices } from './transpose';
export { gatherWindows } from './windows';
