import { recurrent } from './recurrent.ts';

export const lstm = recurrent({ title: 'LSTM', summary: 'recurrent layers with a memory cell', gates: 4 });
