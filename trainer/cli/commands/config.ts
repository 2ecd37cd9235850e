import type { Command } from 'commander';
import { type Setting, settings } from '#trainer/settings/setting.ts';
import { openSources } from '#trainer/settings/sources.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { toTable } from '#trainer/cli/table.ts';

/** `almanac config`: every setting, its value and where it comes from. */
export function addConfig(program: Command, { output, env }: CommandLine): void {
  program
    .command('config')
    .summary('every setting, its value, and where it comes from')
    .description(
      'Shows every setting: its key in almanac.yaml, its value, where that comes from, and what it decides. A variable ' +
        'of the environment wins over almanac.yaml in the home, that one over the one of the user, that over the default.',
    )
    .addOption(jsonOption('print settings and files as JSON'))
    .addHelpText(
      'after',
      '\nAn almanac.yaml:\n  port: 4400\n  data_dirs: [~/bars, /srv/bars]\n  engine: native\n  concurrency: 2',
    )
    .action(({ json = false }: { json?: boolean }) => {
      const { home, files, find } = openSources(env);
      const shown = Object.values<Setting>(settings).map((setting) => {
        const { value, from } = find(setting);
        const { key, variable, sentence } = setting;
        const told = setting.isSecret === true && value !== null ? '(hidden)' : value;
        return { key, variable, value: key === 'home' ? home : told, from, sentence };
      });
      if (json) return output.json({ settings: shown, files });
      if (output.columns === null) {
        const rows = shown.map(({ key, value, from, sentence }) => [key, toText(value), from, sentence]);
        for (const line of toTable(rows, { width: null, flexible: 3 })) output.print(line);
      } else {
        for (const { key, value, from, sentence } of shown) {
          output.print(`${key.padEnd(13)} ${toText(value)}  (${from})`);
          output.print(`${' '.repeat(14)}${sentence}`);
        }
      }
      output.note(`files, the first wins: ${files.join(', ')}`);
    });
}

function toText(value: unknown): string {
  if (value === null) return '-';
  return Array.isArray(value) ? value.join(', ') || '-' : String(value);
}
