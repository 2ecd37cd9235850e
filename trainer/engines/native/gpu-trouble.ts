import { spawnSync } from 'node:child_process';

/**
 * Why TensorFlow does not use a GPU that is there, in its own words. It loads the binding once more in a child process
 * with TensorFlow's log on, because a library that was not found is named there and nowhere else. Takes about a second.
 */
export function findGpuTrouble(binding: string, env: NodeJS.ProcessEnv = process.env): string {
  const child = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', binding], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1,cuda_dnn=1,gpu_device=1' },
  });
  return readGpuTrouble(child.stderr);
}

/** What TensorFlow's log says is missing. */
export function readGpuTrouble(log: string): string {
  const libraries = [...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name);
  // TensorRT is looked for as well and never needed.
  const missing = [...new Set(libraries)].filter((name) => !name.startsWith('libnvinfer'));
  if (missing.includes('libcuda.so.1')) return 'the driver library libcuda.so.1 was not found';
  if (missing.length > 0) return `${missing.join(', ')} was not found`;
  const call = /failed call to cuInit: ([^\n]+)/.exec(log)?.[1] ?? /(CUDA_ERROR_[A-Z_]+[^\n]*)/.exec(log)?.[1];
  if (call !== undefined) return `the driver answered ${call.trim()}`;
  if (/Could not find cuda drivers/.test(log)) return 'TensorFlow found no CUDA driver';
  if (/Cannot dlopen some GPU libraries/.test(log)) return 'some CUDA libraries were not found';
  return 'TensorFlow lists no GPU; one built for the processor alone does not (npm run engine:native -- --gpu)';
}
