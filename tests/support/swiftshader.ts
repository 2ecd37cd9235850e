import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findChromium } from './chromium.ts';

/**
 * Settings under which the webgpu engine runs on SwiftShader, a Vulkan driver that computes on the CPU and comes with
 * Chromium, loader included. Throws where it is not beside the Chromium that is found.
 */
export function findSwiftShader(): Readonly<Record<string, string>> {
  const chromium = findChromium();
  if (chromium.path === null)
    throw new Error(`The webgpu engine is tested on Chromium’s SwiftShader: ${chromium.reason}`);
  const folders = [
    dirname(realpathSync(chromium.path)),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
  ];
  const folder = folders.find((each) => existsSync(join(each, 'vk_swiftshader_icd.json')));
  if (folder === undefined) {
    const where = folders.join(', ');
    throw new Error(
      `No vk_swiftshader_icd.json beside ${chromium.path} (${where}): install Debian’s chromium for the webgpu tests.`,
    );
  }
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    ALMANAC_VULKAN_LIBRARY: join(folder, 'libvulkan.so.1'),
    ALMANAC_ALLOW_SOFTWARE_GPU: '1',
  };
}

/** Puts these settings into the environment of this process; the Vulkan loader reads it there. */
export function useSwiftShader(): void {
  Object.assign(process.env, findSwiftShader());
}
