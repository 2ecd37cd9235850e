/** Which kind of numbers labels are; a loss says which of them it can judge. */
export type ScaleName = 'value' | 'binary';
