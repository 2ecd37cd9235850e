/** A format that is not read. */
interface ForeignFormat {
  /** What people call it. */
  readonly name: string;
  /** What to do instead, as a sentence. */
  readonly advice: string;
}

interface Signature extends ForeignFormat {
  /** How names of such files end. */
  readonly endings: readonly string[];
  /** What such a file begins with, as Latin-1 text at `offset` (default 0). */
  readonly magic?: readonly string[];
  readonly offset?: number;
}

const asTable = 'Save it as Parquet or CSV.';
const asSheet = 'Save its sheet as CSV.';
const unpack = 'Unpack it first, or pack it with gzip or zip.';

const excel: Signature = {
  name: 'an Excel workbook',
  endings: ['xlsx', 'xlsm', 'xlsb', 'xls'],
  magic: ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  advice: asSheet,
};
const sheet: Signature = { name: 'an OpenDocument sheet', endings: ['ods'], advice: asSheet };
const numpy: Signature = {
  name: 'a NumPy array',
  endings: ['npy', 'npz'],
  magic: ['\x93NUMPY'],
  advice: 'Save it as CSV with a header line.',
};

const formats: readonly Signature[] = [
  {
    name: 'Feather (Arrow)',
    endings: ['feather', 'ftr', 'arrow', 'arrows', 'ipc'],
    magic: ['ARROW1', 'FEA1', '\xff\xff\xff\xff'],
    advice: asTable,
  },
  excel,
  sheet,
  numpy,
  { name: 'encrypted Parquet', endings: [], magic: ['PARE'], advice: 'Decrypt it first.' },
  { name: 'HDF5', endings: ['h5', 'hdf5', 'hdf'], magic: ['\x89HDF\r\n\x1a\n'], advice: asTable },
  {
    name: 'a Python pickle',
    endings: ['pkl', 'pickle'],
    magic: ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    advice: asTable,
  },
  {
    name: 'an SQLite database',
    endings: ['sqlite', 'sqlite3', 'db'],
    magic: ['SQLite format 3\0'],
    advice: 'Export the table as CSV.',
  },
  {
    name: 'a DuckDB database',
    endings: ['duckdb'],
    magic: ['DUCK'],
    offset: 8,
    advice: 'Export the table as Parquet or CSV.',
  },
  { name: 'ORC', endings: ['orc'], magic: ['ORC'], advice: asTable },
  { name: 'Avro', endings: ['avro'], magic: ['Obj\x01'], advice: asTable },
  {
    name: 'a MATLAB or R file',
    endings: ['mat', 'rds', 'rda', 'rdata'],
    magic: ['MATLAB 5.0', 'X\n\0\0', 'RDX2\n', 'RDX3\n'],
    advice: 'Save it as CSV.',
  },
  { name: 'a history file of MetaTrader', endings: ['hst', 'hcc', 'fxt'], advice: 'Export the bars as CSV.' },
  { name: 'a file of ticks of Dukascopy', endings: ['bi5'], advice: 'Export the bars as CSV.' },
  { name: 'zstd', endings: ['zst', 'zstd'], magic: ['\x28\xb5\x2f\xfd'], advice: unpack },
  { name: 'bzip2', endings: ['bz2'], magic: ['BZh1', 'BZh6', 'BZh9'], advice: unpack },
  { name: 'xz', endings: ['xz', 'lzma'], magic: ['\xfd7zXZ\0'], advice: unpack },
  { name: 'lz4', endings: ['lz4'], magic: ['\x04\x22\x4d\x18'], advice: unpack },
  { name: '7-Zip', endings: ['7z'], magic: ['7z\xbc\xaf\x27\x1c'], advice: unpack },
  { name: 'RAR', endings: ['rar'], magic: ['Rar!\x1a\x07'], advice: unpack },
  { name: 'a tar archive', endings: ['tar', 'tgz'], magic: ['ustar'], offset: 257, advice: unpack },
  { name: 'a PDF', endings: ['pdf'], magic: ['%PDF-'], advice: 'Take the table out of it and save it as CSV.' },
  {
    name: 'an image',
    endings: ['png', 'jpg', 'jpeg', 'gif'],
    magic: ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF8'],
    advice: 'Name a file with a table of bars.',
  },
  {
    name: 'a Git LFS pointer, not the file itself',
    endings: [],
    magic: ['version https://git-lfs'],
    advice: 'Fetch the file with “git lfs pull”.',
  },
];

/** The format that a file's name says, where it is none that is read. */
export function foreignByName(name: string): ForeignFormat | undefined {
  const lower = name.toLowerCase();
  return formats.find(({ endings }) => endings.some((ending) => lower.endsWith(`.${ending}`)));
}

/** The format that the first bytes of a file say, 300 of them or more, where it is none that is read. */
export function foreignByContent(head: Uint8Array): ForeignFormat | undefined {
  const begins = (magic: string, offset: number) =>
    head.length >= offset + magic.length &&
    [...magic].every((sign, index) => head[offset + index] === sign.charCodeAt(0));
  const format = formats.find(({ magic = [], offset = 0 }) => magic.some((text) => begins(text, offset)));
  return format ?? page(head);
}

/** The format of which a zip with files of these names is the packing, where it is more than a zip. */
export function foreignByEntries(names: readonly string[]): ForeignFormat | undefined {
  if (names.includes('[Content_Types].xml')) return excel;
  if (names.includes('mimetype') && names.includes('content.xml')) return sheet;
  return names.length > 0 && names.every((name) => name.endsWith('.npy')) ? numpy : undefined;
}

/** A page of the web or an XML answer, often saved in place of the file that was asked for. */
function page(head: Uint8Array): ForeignFormat | undefined {
  const text = new TextDecoder().decode(head.subarray(0, 4096)).trimStart();
  const isPage = /^<(?:!doctype\s+html|html|head|body|table)\b/i.test(text);
  if (!isPage && !/^<(?:\?xml|error)\b/i.test(text)) return undefined;
  const said = /<(title|message|h1)[^>]*>([^<]{1,120})/i.exec(text)?.[2].replace(/\s+/g, ' ').trim();
  return {
    name: `${isPage ? 'a web page' : 'XML'}${said ? ` (${JSON.stringify(said)})` : ''}`,
    advice: 'Download the file itself, or save the table as CSV.',
  };
}
