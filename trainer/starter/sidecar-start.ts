import { fileURLToPath } from 'node:url';

/**
 * Options of Node under which the sidecar works: a young generation of at most three times 8 MiB, and an old one that grows
 * to less than twice what is in use. V8 would let them grow to several times that while the modules are loaded and under a
 * burst of requests, and hold it: memory that the trainers beside it need more. The young generation of a process that has
 * begun can no longer be bounded. With less than this what streams hold outlives it, and fills the old one.
 */
export const sidecarOptions: readonly string[] = ['--max-semi-space-size=8', '--heap-growing-percent=80'];

/**
 * Where Node keeps what it has made of the modules, as it does for the command line: half of the time that a start needs, and
 * 25 MiB less, since there is no TypeScript left to be read.
 */
export const compileCache = fileURLToPath(new URL('../../node_modules/.cache/almanac', import.meta.url));
