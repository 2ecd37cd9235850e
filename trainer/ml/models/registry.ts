import type { Architecture } from '#core/models/registry.ts';
import { buildDlinear } from './dlinear.ts';
import { buildGru } from './gru.ts';
import { buildLstm } from './lstm.ts';
import { buildMlp } from './mlp.ts';
import type { BuildModel } from './model.ts';
import { buildNlinear } from './nlinear.ts';
import { buildPatchtst } from './patchtst.ts';
import { buildTcn } from './tcn.ts';
import { buildTsmixer } from './tsmixer.ts';

/** What builds each network that src/core/models names. */
export const modelBuilders: Readonly<Record<Architecture, BuildModel>> = {
  mlp: buildMlp,
  tcn: buildTcn,
  gru: buildGru,
  lstm: buildLstm,
  tsmixer: buildTsmixer,
  patchtst: buildPatchtst,
  dlinear: buildDlinear,
  nlinear: buildNlinear,
};
