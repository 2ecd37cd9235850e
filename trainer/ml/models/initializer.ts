import { normal, openStream, uniform, type Stream } from '#trainer/engines/random/random.ts';

/**
 * Starting values of a parameter: `zeros`; `he` = U(±√(6/fanIn)), before a ReLU (He 2015); `residual` = half
 * of that, where the result is added to its own input and would grow from block to block; `glorot` =
 * U(±√(6/(fanIn+fanOut))) (Glorot 2010); `orthogonal` = rows orthonormal in square blocks, for recurrence (Saxe 2013);
 * `ones` for gains; `forget` = an LSTM's bias [4h]: 1 in its second quarter, the forget gate, else 0 (Jozefowicz 2015);
 * `position` = U(±0.02), as PatchTST starts its positions.
 */
export type Initializer = 'zeros' | 'ones' | 'he' | 'residual' | 'glorot' | 'orthogonal' | 'forget' | 'position';

/**
 * Values of shape [..., fanIn, fanOut] (leading axes count towards both fans, as in a convolution kernel). `index` is the
 * parameter's place in the model, so that each parameter has its own numbers.
 */
export function initialize(
  initializer: Initializer,
  shape: readonly number[],
  seed: number,
  index: number,
): Float32Array {
  const stream = openStream(seed, 'init', index);
  const size = shape.reduce((a, b) => a * b, 1);
  const receptive = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const fanIn = receptive * (shape.at(-2) ?? 1);
  const fanOut = receptive * (shape.at(-1) ?? 1);
  switch (initializer) {
    case 'zeros':
      return new Float32Array(size);
    case 'ones':
      return new Float32Array(size).fill(1);
    case 'forget':
      return new Float32Array(size).fill(1, size / 4, size / 2);
    case 'position':
      return spread(stream, size, 0.02);
    case 'he':
      return spread(stream, size, Math.sqrt(6 / fanIn));
    case 'residual':
      return spread(stream, size, Math.sqrt(6 / fanIn) / 2);
    case 'glorot':
      return spread(stream, size, Math.sqrt(6 / (fanIn + fanOut)));
    case 'orthogonal':
      return orthogonal(stream, shape[0], shape[1]);
  }
}

function spread(stream: Stream, size: number, limit: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (2 * uniform(stream, i) - 1) * limit);
}

/** [n, k·n]: k independent orthogonal n × n matrices side by side, by modified Gram–Schmidt in float64. */
function orthogonal(stream: Stream, rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let block = 0; block < columns / rows; block++) {
    const basis: Float64Array[] = [];
    for (let r = 0; r < rows; r++) {
      const row = Float64Array.from({ length: rows }, (_, c) => normal(stream, (block * rows + r) * rows + c));
      for (const other of basis) {
        const along = dot(row, other);
        for (let c = 0; c < rows; c++) row[c] -= along * other[c];
      }
      const length = Math.sqrt(dot(row, row));
      for (let c = 0; c < rows; c++) {
        row[c] /= length;
        result[r * columns + block * rows + c] = row[c];
      }
      basis.push(row);
    }
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
