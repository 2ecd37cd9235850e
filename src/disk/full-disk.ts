/** Of a disk, of a user's share of one, and of SQLite about either. */
const codes = ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'];

/** Whether a call failed because the disk is full, whatever has been said around it since (`cause`). */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return codes.includes((error as NodeJS.ErrnoException).code ?? '') || isDiskFull(error.cause);
}
