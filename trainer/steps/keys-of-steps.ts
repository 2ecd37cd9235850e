import type { Config } from '#core/config/config.ts';
import { stepSettings } from '#core/steps/step-settings.ts';
import { type CellKey, toCellKey } from '#trainer/cache/cell-key.ts';
import { programVersion } from '#trainer/cache/program-version.ts';
import type { SourceIdentity } from '#trainer/data/identify.ts';

/** The files behind each step; what they import is found by walking. */
const code = {
  data: programVersion('trainer/data/load.ts', 'trainer/steps/bars-content.ts'),
  features: programVersion('src/core/features/matrix.ts', 'trainer/steps/matrix-content.ts'),
  samples: programVersion(
    'src/core/dataset/assemble.ts',
    'src/core/dataset/evaluated-rows.ts',
    'src/core/leaks/find-leaks.ts',
    'trainer/steps/samples-content.ts',
  ),
};

/** @param fingerprint of the bytes that were read, which may have changed since they were found */
export function dataKey(config: Config, { files, left }: SourceIdentity, fingerprint: string): CellKey {
  // What is read is told by its bytes; names and number of files are remarked on in the report.
  const { source: _, ...settings } = stepSettings('data', config);
  const inputs = [fingerprint, files.map(({ name }) => name), left];
  return toCellKey('data', { settings, inputs, code: code.data() });
}

/**
 * By what the bars are, not by how they came to be: settings of loading that leave them as they are change nothing.
 * @param bars id of their content
 */
export function featuresKey(config: Config, bars: string): CellKey {
  const settings = stepSettings('features', config);
  return toCellKey('features', { settings, inputs: [bars], code: code.features() });
}

export function samplesKey(config: Config, bars: string): CellKey {
  const settings = [stepSettings('targets', config), stepSettings('samples', config)];
  const inputs = [bars, featuresKey(config, bars).key];
  return toCellKey('samples', { settings, inputs, code: code.samples() });
}
