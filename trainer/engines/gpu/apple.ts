import { execFile } from 'node:child_process';
import { type GpuReading, type OpenGpu, toReading } from './reading.ts';

/** Milliseconds between two readings. */
const every = 2000;

/**
 * An Apple GPU through `ioreg`, which answers once a call and needs no right; each call is awaited before the next. Total
 * memory, temperature and power are not among its answers.
 */
export function openApple(command = 'ioreg'): OpenGpu {
  return (absent) => {
    let newest: ReturnType<typeof parseAccelerator>;
    let timer: NodeJS.Timeout | undefined;
    let open = true;
    const read = () => {
      const child = execFile(
        command,
        ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'],
        { timeout: 10_000 },
        (error, output) => {
          if (!open) return;
          const parsed = error === null ? parseAccelerator(output) : undefined;
          if (parsed === undefined && newest === undefined) {
            open = false;
            absent(error === null ? 'ioreg lists no GPU with readings' : 'ioreg did not answer');
            return;
          }
          newest = parsed ?? newest;
          timer = setTimeout(read, every).unref();
        },
      );
      child.unref();
    };
    read();
    return {
      latest: () => newest?.reading,
      name: () => newest?.name,
      close() {
        open = false;
        clearTimeout(timer);
      },
    };
  };
}

/** What `ioreg -r -d 1 -c IOAccelerator` prints; undefined where it holds no statistics. */
export function parseAccelerator(output: string): { readonly name: string; readonly reading: GpuReading } | undefined {
  const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(output)?.[1];
  if (statistics === undefined) return undefined;
  const numberOf = (key: string) => {
    const found = statistics.split(',').find((part) => part.startsWith(`"${key}"=`));
    return found === undefined ? undefined : Number(found.slice(key.length + 3));
  };
  const name = /"model" = <?"([^"]+)"/.exec(output)?.[1] ?? 'Apple GPU';
  return {
    name,
    reading: toReading({
      util: numberOf('Device Utilization %'),
      memUsed: numberOf('In use system memory'),
      memTotal: undefined,
      temperature: undefined,
      power: undefined,
    }),
  };
}
