import { recurrent } from './recurrent.ts';

export const gru = recurrent({ title: 'GRU', summary: 'recurrent layers', gates: 3 });
