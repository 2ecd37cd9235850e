import type { Command } from 'commander';
import type { CacheContent } from '#core/api/cache-answers.ts';
import { formatBytes } from '#core/bytes.ts';
import { countWords } from '#core/count-words.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';

/** `almanac cache`: what is kept for runs to come; `--clear` removes it. */
export function addCache(program: Command, { output, settings }: CommandLine): void {
  program
    .command('cache')
    .summary('say how much is kept for runs to come; --clear removes it')
    .description(
      'Says how many results are kept for runs to come: bars, features and samples. --clear removes them: what is needed again is computed again. Runs lose nothing, and the bars that they were trained on stay.',
    )
    .option('--clear', 'remove it')
    .addOption(jsonOption('print it as JSON'))
    .action(async ({ clear = false, json = false }: { clear?: boolean; json?: boolean }) => {
      await withSidecar(settings(), async (client) => {
        const content = await answer(clear ? client.cache.$delete() : client.cache.$get());
        if (json) output.json(content);
        else
          output.print(
            clear ? `${countWords(content.entries, 'result')} removed, ${formatBytes(content.bytes)}` : words(content),
          );
      });
    });
}

function words({ entries, bytes, limit }: CacheContent): string {
  if (limit === 0) return 'the cache is switched off (ALMANAC_CACHE_LIMIT is 0)';
  return `${countWords(entries, 'result')}, ${formatBytes(bytes)} of ${formatBytes(limit)}`;
}
