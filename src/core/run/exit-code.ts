/**
 * Exit codes of a trainer process. `usage`: its arguments are wrong; `diskFull`: there was no space to log how the run
 * ended; `interrupted`: its device was lost, and a new process can go on; `lost`: another process has the run.
 */
export const exitCodes = {
  completed: 0,
  failed: 2,
  cancelled: 3,
  diskFull: 4,
  interrupted: 5,
  usage: 64,
  lost: 75,
} as const;
