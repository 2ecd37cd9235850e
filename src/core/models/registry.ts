import { namesOf } from '#core/names.ts';
import type { OptionShape } from '#core/owned-options.ts';
import type { ModelDescriptor } from './descriptor.ts';
import { dlinear } from './dlinear.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { mlp } from './mlp.ts';
import { nlinear } from './nlinear.ts';
import { patchtst } from './patchtst.ts';
import { tcn } from './tcn.ts';
import { tsmixer } from './tsmixer.ts';

type AnyModel = ModelDescriptor<unknown, OptionShape>;

/** Every network a notebook can name, by its name. To add one: its file, a line here, and its builder in trainer/ml/models. */
export const models = {
  mlp,
  tcn,
  gru,
  lstm,
  tsmixer,
  patchtst,
  dlinear,
  nlinear,
} satisfies Readonly<Record<string, AnyModel>>;

export type Architecture = keyof typeof models;
export const architectures = namesOf(models);

/** What is known of a network. */
export function modelOf(name: Architecture): AnyModel {
  return models[name];
}
