import { readFileSync } from 'node:fs';
import { Argument, type Command } from 'commander';
import type { CommandLine } from '#trainer/cli/command-line.ts';

/** `almanac completion` prints what a shell sources; `almanac complete`, which help leaves out, is what that asks. */
export function addCompletion(program: Command, { output, settings }: CommandLine): void {
  program
    .command('completion')
    .summary('print the completion for bash, zsh or fish')
    .description('Prints the completion of a shell: of commands, options, runs, notebooks and override keys.')
    .addArgument(new Argument('<shell>', 'whose completion').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nTo set it up:\n' +
        "  bash  echo 'source <(almanac completion bash)' >> ~/.bashrc\n" +
        "  zsh   echo 'source <(almanac completion zsh)' >> ~/.zshrc    (behind compinit)\n" +
        '  fish  almanac completion fish > ~/.config/fish/completions/almanac.fish',
    )
    .action((shell: string) => {
      const script = readFileSync(new URL(`../completions/almanac.${shell}`, import.meta.url), 'utf8');
      for (const line of script.trimEnd().split(/\r?\n/)) output.print(line);
    });
  program
    .command('complete', { hidden: true })
    .description('Prints what may stand where the last of these words is: a candidate a line, behind a tab what it is.')
    .argument('[word...]', 'the words up to the cursor')
    .action(async (words: string[]) => {
      const { complete } = await import('#trainer/cli/complete.ts');
      for (const { value, what } of await complete(program, words, settings))
        output.row(what === '' ? [value] : [value, what]);
    });
}
