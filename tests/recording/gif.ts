import gifenc from 'gifenc';
import { PNG } from 'pngjs';

const { applyPalette, GIFEncoder, quantize } = gifenc;

/** One picture of a recording. */
export interface Frame {
  /** A PNG; all of one recording have the same size. */
  readonly png: Buffer;
  /** How long it is shown, ms. */
  readonly delay: number;
}

/** Colours of the whole recording: text on plain ground needs few. */
const colors = 128;

/** An animated GIF that goes round for ever. Pixels that are those of the frame before are left transparent: it stays small. */
export function encodeGif(frames: readonly Frame[]): Uint8Array {
  const pictures = frames.map(({ png }) => PNG.sync.read(png));
  const [first] = pictures;
  if (first === undefined) throw new Error('A recording needs a frame.');
  const { width, height } = first;
  const palette = quantize(sample(pictures.map(({ data }) => data)), colors - 1);
  const transparent = palette.length;
  const encoder = GIFEncoder();
  let before: Uint8Array | null = null;
  for (const [at, { data }] of pictures.entries()) {
    const indexed = applyPalette(data, palette);
    const last = before;
    const drawn =
      last === null ? indexed : indexed.map((color, pixel) => (color === last[pixel] ? transparent : color));
    encoder.writeFrame(drawn, width, height, {
      palette: at === 0 ? [...palette, [0, 0, 0]] : undefined,
      delay: frames[at].delay,
      ...(at > 0 && { transparent: true, transparentIndex: transparent }),
      // The picture before stays where this one is transparent.
      dispose: 1,
    });
    before = indexed;
  }
  encoder.finish();
  return encoder.bytes();
}

/** Some pixels of every frame, as one picture. */
function sample(frames: readonly Uint8Array[]): Uint8Array {
  const every = 7;
  const length = Math.floor(frames[0].length / 4 / every);
  const picked = new Uint8Array(frames.length * length * 4);
  for (const [f, frame] of frames.entries())
    for (let i = 0; i < length; i++) picked.set(frame.subarray(i * every * 4, i * every * 4 + 4), (f * length + i) * 4);
  return picked;
}
