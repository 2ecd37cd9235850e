import { Option } from 'commander';

/** `--json` of every command that has something to say to a program. */
export function jsonOption(what = 'print the answer as JSON'): Option {
  return new Option('--json', what);
}
