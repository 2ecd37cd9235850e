import { describe, expect, it } from 'vitest';
import { defaultConfig, requireConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { adoptConfig } from '#core/notebook/adopt-config.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';

const text = `---
title: Mine
---
Words.

\`\`\`yaml features
timeframes:
  1h: {rsi: {period: 14}} # slow enough?
\`\`\`

\`\`\`yaml train
epochs: 10 # short
seed: 3
\`\`\`
`;
const configOf = (source: string) => toFile(requireConfig({ cells: cellValues(parseNotebook(source)) }).config);
const under = (overrides: string[]) =>
  toFile(requireConfig({ cells: cellValues(parseNotebook(text)), overrides }).config);

describe('adoptConfig', () => {
  it('changes the keys that differ and nothing else', () => {
    const config = under(['train.epochs=4', 'features.timeframes.1h.rsi.period=21', 'model.lookback=32']);
    const edited = adoptConfig(text, config);
    expect(configOf(edited)).toEqual(config);
    expect(edited).toContain('epochs: 4 # short\nseed: 3\n');
    expect(edited).toContain('  1h: {rsi: {period: 21}} # slow enough?\n');
    expect(edited).toContain('```yaml model\nlookback: 32\n```\n');
    expect(edited.startsWith('---\ntitle: Mine\n---\nWords.\n')).toBe(true);
  });

  it('is the same text where the cells say so already', () => {
    expect(adoptConfig(text, configOf(text))).toBe(text);
  });

  it('takes entries of a map out, switches blocks off, and gives defaults back', () => {
    for (const overrides of [
      ['+features.timeframes.4h={atr: {}}', '~features.timeframes.1h'],
      ['train.early_stopping=null', 'features.calendar=null'],
      ['~targets.tasks.dir'],
      ['train.schedule={kind: constant}', 'loss.ret={kind: mse}', 'loss.weights.ret=0.2'],
    ]) {
      const config = under(overrides);
      expect(configOf(adoptConfig(text, config)), overrides.join(' ')).toEqual(config);
    }
    expect(configOf(adoptConfig(text, toFile(defaultConfig())))).toEqual(toFile(defaultConfig()));
  });

  it('writes a cell anew that cannot be read', () => {
    const config = configOf(text);
    const broken = text.replace('epochs: 10 # short', 'epochs: [10');
    expect(configOf(adoptConfig(broken, config))).toEqual(config);
  });
});
