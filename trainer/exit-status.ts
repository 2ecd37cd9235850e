import { AppError } from '#core/error.ts';

/**
 * How `npm start`, and page and sidecar where they are started alone, end: numbers of sysexits(3), so that a service manager
 * knows what another try can mend (`failed`, `unavailable`, `gaveUp`, `disk`, `taken`) and what it cannot.
 */
export const exitStatus = {
  /** Stopped as asked. */
  stopped: 0,
  /** A fault of the program itself. */
  failed: 1,
  /** An argument that it does not know. */
  usage: 64,
  /** A port is in use, or the address is not there (yet). */
  unavailable: 69,
  /** Page or sidecar ended again and again. */
  gaveUp: 70,
  /** The home cannot be written: read-only, or no folder. */
  cannotWrite: 73,
  /** The disk is full or fails. */
  disk: 74,
  /** Another Almanac has the home. */
  taken: 75,
  noPermission: 77,
  /** A setting is wrong, or the page was not built. */
  config: 78,
} as const;

type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

const ofSystem: Readonly<Record<string, ExitStatus>> = {
  EADDRINUSE: exitStatus.unavailable,
  EADDRNOTAVAIL: exitStatus.unavailable,
  EAI_AGAIN: exitStatus.unavailable,
  ENOTFOUND: exitStatus.config,
  EROFS: exitStatus.cannotWrite,
  ENOTDIR: exitStatus.cannotWrite,
  EISDIR: exitStatus.cannotWrite,
  EEXIST: exitStatus.cannotWrite,
  ELOOP: exitStatus.cannotWrite,
  ENAMETOOLONG: exitStatus.cannotWrite,
  ENOSPC: exitStatus.disk,
  EDQUOT: exitStatus.disk,
  EIO: exitStatus.disk,
  EACCES: exitStatus.noPermission,
  EPERM: exitStatus.noPermission,
};

/** Statuses after which another try ends in the same way. */
const lasting: readonly (number | null)[] = [
  exitStatus.usage,
  exitStatus.cannotWrite,
  exitStatus.noPermission,
  exitStatus.config,
];

export function isLasting(status: number | null): boolean {
  return lasting.includes(status);
}

/** What an error that ends a server ends it with: what the system said, where it said something, decides. */
export function exitStatusOf(error: unknown): ExitStatus {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== undefined && Object.hasOwn(ofSystem, code)) return ofSystem[code];
  }
  if (!(error instanceof AppError)) return exitStatus.failed;
  if (error.code === 'invalid_config') return exitStatus.config;
  return error.code === 'locked' ? exitStatus.taken : exitStatus.failed;
}

/** Ends this process with the sentence of an error; an error that is not meant for a person is told with its stack. */
export function endWith(error: unknown, doing: string): never {
  const text =
    error instanceof AppError
      ? error.message
      : `${doing}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`almanac: ${text}\n`);
  process.exit(exitStatusOf(error));
}
