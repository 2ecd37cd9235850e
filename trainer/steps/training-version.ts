import { programVersion } from '#trainer/cache/program-version.ts';

/** The version of the code that trains a run, from its data to its result. */
export const trainingVersion = programVersion('trainer/process/main.ts');
