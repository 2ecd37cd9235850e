/** 849 kB, 2.41 GB (powers of 1000, as file managers show them). */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let index = 0;
  let value = bytes;
  while (value >= 999.5 && index < units.length - 1) {
    value /= 1000;
    index++;
  }
  return `${index === 0 ? value : Number(value.toPrecision(3))} ${units[index]}`;
}
