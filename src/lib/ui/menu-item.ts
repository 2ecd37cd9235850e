import type { IconName } from './icon-paths.ts';

/** A line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  /** Key that does the same, for the eye. */
  readonly key?: string;
  readonly disabled?: boolean;
  run(): void;
}
