import { main } from '#trainer/cli/main.ts';
import { terminalOutput } from '#trainer/cli/output.ts';
import type { Ended } from './almanac.ts';

/**
 * Runs `almanac` in this process with these variables and no others; `columns` makes its output a terminal, `confirm`
 * answers its questions.
 */
export async function commandLine(
  env: NodeJS.ProcessEnv,
  words: readonly string[],
  columns: number | null = null,
  confirm: (question: string) => Promise<boolean | null> = async () => null,
): Promise<Ended> {
  let [out, notes] = ['', ''];
  const terminal = columns === null ? {} : { isTTY: true, columns };
  const output = terminalOutput(
    { ...terminal, write: (text) => (out += text) },
    { ...terminal, write: (text) => (notes += text) },
  );
  const code = await main(words, output, env, confirm);
  return { code, out, notes };
}
