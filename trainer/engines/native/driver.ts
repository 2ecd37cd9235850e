import type { EngineDriver } from '../driver.ts';
import { findNative, findNativeAbsence, nativePackage } from './find.ts';

export const nativeDriver: EngineDriver = {
  packages: [nativePackage],
  open: async () => (await import('./native.ts')).openNative(),
  findAbsence: () => findNativeAbsence(),
  remedy: () => 'npm run engine:native',
  findBuilt: () => findNative()?.binding,
  findCards: (device, gpus) => (/\bcpu\b/i.test(device) ? null : gpus),
};
