/** Ms without an event after which a run in state `running` counts as stalled: its trainer says `system` every 2 s. */
export const stalledAfter = 30_000;
