/** Stands for "no such file" where a save names the tag of what it replaces, so that a deleted notebook can come back. */
export const goneTag = '"gone"';
