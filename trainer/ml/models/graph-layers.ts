import type { GraphBuilder, Wire } from './graph-export.ts';

/** x·kernel + bias of the dense layer `name`, for x [n, from]. */
export function graphDense(graph: GraphBuilder, x: Wire, name: string): Wire {
  const product = graph.op('MatMul', [x, graph.weight(`${name}/kernel`)]);
  return graph.add(product, graph.weight(`${name}/bias`));
}

/** (x − mean)/√(var + ε) over one axis, with the mean and the deviation that were taken away. */
export function graphStandardise(graph: GraphBuilder, x: Wire, axis: number) {
  const mean = graph.mean(x, axis, true);
  const centred = graph.subtract(x, mean);
  const variance = graph.mean(graph.op('Square', [centred]), axis, true);
  const deviation = graph.op('Sqrt', [graph.add(variance, graph.number(1e-5))]);
  return { normal: graph.divide(centred, deviation), mean, deviation };
}

/** Layer normalisation `name` over `axis` of x, its last. */
export function graphLayerNorm(graph: GraphBuilder, x: Wire, name: string, axis: number): Wire {
  const { normal } = graphStandardise(graph, x, axis);
  return graph.add(graph.multiply(normal, graph.weight(`${name}/gamma`)), graph.weight(`${name}/beta`));
}
