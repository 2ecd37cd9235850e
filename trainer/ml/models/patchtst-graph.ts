import { countPatches, patchLength, patchStride } from '#core/models/patch-plan.ts';
import { GraphBuilder, type Wire } from './graph-export.ts';
import { graphDense, graphLayerNorm } from './graph-layers.ts';
import type { Graph, ModelShape, Parameter } from './model.ts';

interface Widths {
  readonly width: number;
  readonly heads: number;
  readonly independent: boolean;
}

/** PatchTST with the layers `names` as a graph, written as its paper has it: patches are gathered, the last bar repeated. */
export function patchtstGraph(
  names: readonly string[],
  parameters: readonly Parameter[],
  shape: ModelShape,
  { width, heads, independent }: Widths,
): Graph {
  const { lookback, features } = shape;
  const patches = countPatches(lookback);
  const bars = patchLength(lookback);
  const graph = new GraphBuilder(parameters, shape);
  const series = independent
    ? graph.reshape(graph.transpose(graph.window, [0, 2, 1]), [-1, lookback, 1])
    : graph.window;
  const taken = Array.from({ length: patches * bars }, (_, i) =>
    Math.min(patchStride * Math.floor(i / bars) + (i % bars), lookback - 1),
  );
  const cut = graph.reshape(graph.gather(series, taken), [-1, bars * (independent ? 1 : features)]);
  const tokens = (x: Wire): Wire => graph.reshape(x, [-1, patches, width]);
  const flat = (x: Wire): Wire => graph.reshape(x, [-1, width]);
  const apart = (x: Wire): Wire => graph.transpose(graph.reshape(x, [-1, patches, heads, width / heads]), [0, 2, 1, 3]);

  let h = graph.add(tokens(graphDense(graph, cut, 'patch')), graph.weight('position/kernel'));
  for (const name of names) {
    const [query, key, value] = ['query', 'key', 'value'].map((part) =>
      apart(graphDense(graph, flat(h), `${name}_${part}`)),
    );
    const scores = graph.op('BatchMatMulV2', [query, key], { adj_x: { b: false }, adj_y: { b: true } });
    const shares = graph.op('Softmax', [graph.multiply(scores, graph.number(1 / Math.sqrt(width / heads)))]);
    const seen = graph.op('BatchMatMulV2', [shares, value], { adj_x: { b: false }, adj_y: { b: false } });
    const attended = tokens(graphDense(graph, flat(graph.transpose(seen, [0, 2, 1, 3])), `${name}_attention_out`));
    h = graphLayerNorm(graph, graph.add(h, attended), `${name}_attention_norm`, 2);
    const active = gelu(graph, graphDense(graph, flat(h), `${name}_in`));
    h = graphLayerNorm(graph, graph.add(h, tokens(graphDense(graph, active, `${name}_out`))), `${name}_norm`, 2);
  }
  const all = patches * width * (independent ? features : 1);
  return graph.finish(graphDense(graph, graph.reshape(h, [-1, all]), 'head'));
}

function gelu(graph: GraphBuilder, x: Wire): Wire {
  const erf = graph.op('Erf', [graph.multiply(x, graph.number(Math.SQRT1_2))]);
  return graph.multiply(graph.multiply(x, graph.number(0.5)), graph.add(erf, graph.number(1)));
}
