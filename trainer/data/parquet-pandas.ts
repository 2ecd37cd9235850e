import type { FileMetaData } from 'hyparquet';
import { z } from 'zod';

/** What pandas says of a file in its metadata; of a file it did not write, what its names say. */
interface Pandas {
  /** Columns of the file that are its index, in order. */
  readonly index: readonly string[];
  /** The name of a column: '' for an index without one. */
  nameOf(key: string): string;
  /** Whether the times of a column name a zone; undefined where nobody says. */
  zoned(key: string): boolean | undefined;
}

const schema = z.object({
  index_columns: z.array(z.unknown()).catch([]),
  columns: z
    .array(z.object({ name: z.string().nullable(), field_name: z.string().nullish(), pandas_type: z.string() }))
    .catch([]),
});

const unnamed = /^__index_level_\d+__$/;

/** Reads the metadata of pandas; what of it is damaged counts as not there. */
export function readPandas({ key_value_metadata: pairs = [], schema: fields }: FileMetaData): Pandas {
  const said = parse(pairs.find(({ key }) => key === 'pandas')?.value);
  const columns = new Map(said.columns.map((column) => [column.field_name ?? column.name, column]));
  const named = said.index_columns.filter((key): key is string => typeof key === 'string');
  const isSpark = pairs.some(({ key }) => key.startsWith('org.apache.spark'));
  return {
    index: named.length > 0 ? named : fields.map(({ name }) => name).filter((name) => unnamed.test(name)),
    nameOf: (key) => (unnamed.test(key) ? (columns.get(key)?.name ?? '') : key),
    zoned(key) {
      const type = columns.get(key)?.pandas_type;
      if (type === 'datetimetz') return true;
      return type === 'datetime' ? false : isSpark || undefined;
    },
  };
}

function parse(text: string | undefined): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(text ?? '{}'));
  } catch {
    return { index_columns: [], columns: [] };
  }
}
