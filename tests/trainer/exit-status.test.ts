import { expect, test } from 'vitest';
import { AppError } from '#core/error.ts';
import { exitStatus, exitStatusOf, isLasting } from '#trainer/exit-status.ts';

const system = (code: string) => Object.assign(new Error(code), { code });

test.each([
  [new AppError('invalid_config', ''), exitStatus.config],
  [new AppError('locked', ''), exitStatus.taken],
  [new AppError('internal', ''), exitStatus.failed],
  [new Error(''), exitStatus.failed],
  ['no error at all', exitStatus.failed],
  [system('EIO'), exitStatus.disk],
  [new AppError('invalid_request', '', { cause: system('EADDRINUSE') }), exitStatus.unavailable],
  [new AppError('invalid_config', '', { cause: system('EROFS') }), exitStatus.cannotWrite],
  [new AppError('invalid_config', '', { cause: system('EACCES') }), exitStatus.noPermission],
  [new AppError('invalid_config', '', { cause: system('ENOTHING') }), exitStatus.config],
])('the error %# ends a server with its status', (error, status) => {
  expect(exitStatusOf(error)).toBe(status);
});

test('a service manager tries again where another try can mend it', () => {
  const tried = Object.entries(exitStatus).filter(([, status]) => !isLasting(status));
  expect(tried.map(([name]) => name)).toEqual(['stopped', 'failed', 'unavailable', 'gaveUp', 'disk', 'taken']);
});
