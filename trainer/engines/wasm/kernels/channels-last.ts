/** Refuses the other layout in words: our kernels are written for channels last, the layout tfjs uses everywhere. */
export function requireChannelsLast(kernel: string, dataFormat: string | undefined): void {
  if (dataFormat !== undefined && dataFormat !== 'NHWC' && dataFormat !== 'channelsLast') {
    throw new Error(`${kernel} on wasm expects dataFormat NHWC (channels last), received ${dataFormat}`);
  }
}
