/** Windows in one forward pass when nothing is trained. */
export const evaluationBatch = 256;
