/**
 * Exit codes of a trainer process. `interrupted`: by a signal, a full disk or the loss of its device, and its log says
 * which; `diskFull`: there was no space to log how the attempt ended; `usage`: its arguments are wrong; `lost`: another
 * process has the run.
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
