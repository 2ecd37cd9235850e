/** What this project calls of gifenc, which has no types of its own. */
declare module 'gifenc' {
  type Color = readonly number[];

  interface FrameOptions {
    /** Of all frames that give none of their own, where the first gives it. */
    readonly palette?: readonly Color[];
    /** ms */
    readonly delay: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    readonly dispose?: number;
  }

  interface Encoder {
    writeFrame(index: Uint8Array, width: number, height: number, options: FrameOptions): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  const gifenc: {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array, maxColors: number): Color[];
    applyPalette(rgba: Uint8Array, palette: readonly Color[]): Uint8Array;
  };
  export default gifenc;
}
