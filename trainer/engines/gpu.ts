import { openAmd } from './gpu/amd.ts';
import { openApple } from './gpu/apple.ts';
import { openNvidia } from './gpu/nvidia.ts';
import { type GpuReading, type GpuSource, missingFrom, type OpenGpu } from './gpu/reading.ts';

interface GpuReader extends GpuSource {
  /**
   * Which readings are missing, or why there are none, in a sentence. Undefined where all are there, and while that is
   * not known yet.
   */
  note(): string | undefined;
}

/** Ways to read a GPU on this system, the first that works is kept. */
function waysOf(platform: NodeJS.Platform): readonly OpenGpu[] {
  switch (platform) {
    case 'darwin':
      return [openApple()];
    case 'linux':
      return [openNvidia(), openAmd()];
    default:
      return [openNvidia()];
  }
}

/**
 * Watches the GPU in the background, by the first way that has something to read; it is chosen once. Reading costs
 * nothing, and no process is kept alive. Close it when done.
 */
export function openGpuReader(ways = waysOf(process.platform)): GpuReader {
  const left = [...ways];
  const reasons: string[] = [];
  let source: GpuSource | undefined;
  let wasRead = false;
  let lost: string | undefined;
  const read = (): GpuReading | undefined => {
    const reading = source?.latest();
    wasRead ||= reading !== undefined;
    return reading;
  };
  const absent = (why: string) => {
    if (wasRead) {
      lost = why;
      return;
    }
    reasons.push(why);
    openNext();
  };
  const openNext = () => {
    source = undefined;
    const open = left.shift();
    // A way that gives up at once has opened the next one by now.
    if (open !== undefined) source = open(absent) ?? source;
  };
  openNext();
  return {
    latest: read,
    name: () => source?.name(),
    note() {
      const reading = read();
      if (reading !== undefined) return describeMissing(source?.name() ?? 'This GPU', reading);
      if (lost !== undefined) return `The GPU is no longer read: ${lost}.`;
      return source === undefined ? `No GPU can be read: ${reasons.join('; ')}.` : undefined;
    },
    close: () => source?.close(),
  };
}

function describeMissing(name: string, reading: GpuReading): string | undefined {
  const missing = missingFrom(reading);
  return missing.length === 0 ? undefined : `${name} does not expose ${missing.join(', ')}.`;
}
