import type { ScheduleDescriptor } from './descriptor.ts';

/** Half a cosine (Loshchilov and Hutter 2017). */
export const cosine: ScheduleDescriptor = {
  summary: 'falls to zero at the last step',
  options: {},
  factor: (done, steps) => 0.5 * (1 + Math.cos((Math.PI * done) / steps)),
};
