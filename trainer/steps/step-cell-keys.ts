import type { Config } from '#core/config/config.ts';
import { stepSettings } from '#core/steps/step-settings.ts';
import { type CellKey, toCellKey } from '#trainer/cache/cell-key.ts';
import { codeVersion } from '#trainer/cache/code-version.ts';
import type { SourceIdentity } from '#trainer/data/identify.ts';

/** The files behind each step; what they import is found by walking. */
const code = {
  data: ['trainer/data/load.ts', 'trainer/steps/bars-content.ts'],
  features: ['src/core/features/matrix.ts', 'trainer/steps/matrix-content.ts'],
  samples: [
    'src/core/dataset/assemble.ts',
    'src/core/dataset/evaluated-rows.ts',
    'src/core/leaks/find-leaks.ts',
    'trainer/steps/samples-content.ts',
  ],
  train: ['trainer/process/main.ts'],
} as const;

/** A process runs the code that it began with. */
const versions = new Map<keyof typeof code, string>();

/** The version of the code that trains a run, from its data to its result. */
export function trainingVersion(): string {
  return versionOf('train');
}

function versionOf(step: keyof typeof code): string {
  const version = versions.get(step) ?? codeVersion(code[step]);
  versions.set(step, version);
  return version;
}

/** @param fingerprint of what is read, where that is another one than was found before */
export function dataKey(config: Config, identity: SourceIdentity, fingerprint: string = identity.fingerprint): CellKey {
  const { source: _, ...settings } = stepSettings('data', config);
  // Names and number of files are remarked on in the report.
  const inputs = [fingerprint, identity.files.map(({ name }) => name), identity.left];
  return toCellKey('data', { settings, inputs, code: versionOf('data') });
}

/** By what the bars are, not by how they came to be: another spelling of a path, or a reader that was tidied, changes nothing. */
export function featuresKey(config: Config, bars: string): CellKey {
  return toCellKey('features', {
    settings: stepSettings('features', config),
    inputs: [bars],
    code: versionOf('features'),
  });
}

export function samplesKey(config: Config, bars: string): CellKey {
  return toCellKey('samples', {
    settings: [stepSettings('targets', config), stepSettings('samples', config)],
    inputs: [bars, featuresKey(config, bars).key],
    code: versionOf('samples'),
  });
}
