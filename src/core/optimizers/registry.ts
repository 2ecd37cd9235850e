import type { z } from 'zod';
import { namesOf } from '#core/names.ts';
import { adamw } from './adamw.ts';
import type { OptimizerDescriptor } from './descriptor.ts';
import { sgd } from './sgd.ts';

/** Every optimizer a notebook can name, by its `kind`. To add one: its file, a line here, and its rule in trainer/ml/optimizers. */
export const optimizers = { adamw, sgd } satisfies { readonly [Name in string]: OptimizerDescriptor };

export type OptimizerName = keyof typeof optimizers;
export const optimizerNames = namesOf(optimizers);

/** The complete options of one optimizer, with its `kind`. */
export type OptimizerOptions<Name extends OptimizerName> = z.output<(typeof optimizers)[Name]['schema']>;
