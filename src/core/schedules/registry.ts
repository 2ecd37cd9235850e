import { namesOf } from '#core/names.ts';
import type { OptionShape } from '#core/owned-options.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import type { ScheduleDescriptor } from './descriptor.ts';

type AnySchedule = ScheduleDescriptor<OptionShape>;

/** Every schedule a notebook can name, by its `kind`. To add one: its file, and a line here. */
export const schedules = { cosine, constant } satisfies Readonly<Record<string, AnySchedule>>;

export type ScheduleName = keyof typeof schedules;
export const scheduleNames = namesOf(schedules);

/** What is known of a schedule. */
export function scheduleOf(name: ScheduleName): AnySchedule {
  return schedules[name];
}
