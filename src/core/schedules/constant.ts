import type { ScheduleDescriptor } from './descriptor.ts';

export const constant: ScheduleDescriptor = { summary: 'stays', options: {}, factor: () => 1 };
