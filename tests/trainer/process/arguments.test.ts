import { describe, expect, it } from 'vitest';
import { parseTrainerArguments } from '#trainer/process/arguments.ts';
import { dataRoots } from '#trainer/process/data-roots.ts';

describe('the command line of a trainer', () => {
  it('names run, attempt and start', () => {
    expect(parseTrainerArguments(['--run', '/runs/a', '--attempt', '3', '--nonce', 'n'])).toEqual({
      folder: '/runs/a',
      attempt: 3,
      nonce: 'n',
    });
  });

  it.each([
    [[], '--run'],
    [['--run', 'a', '--nonce', 'n'], '--attempt'],
    [['--run', 'a', '--attempt', '0', '--nonce', 'n'], '--attempt is 0'],
    [['--run', 'a', '--attempt', '1.5', '--nonce', 'n'], '--attempt is 1.5'],
    [['--run', 'a', '--attempt', '1'], '--nonce'],
    [['--run', 'a', '--attempt', '1', '--nonce', 'n', '--more'], '--more'],
  ])('%j: says what is wrong', (argv, problem) => {
    expect(parseTrainerArguments(argv)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe('the folders that data may come from', () => {
  it('are the notebooks, then each of ALMANAC_DATA_DIRS', () => {
    expect(dataRoots({ ALMANAC_HOME: '/home', ALMANAC_DATA_DIRS: '/a:/b:' })).toEqual(['/home/notebooks', '/a', '/b']);
  });
});
