import { AppError } from '#core/error.ts';
import { isBarColumn } from '#core/quotes/columns.ts';
import type { RawTable } from '#core/table/table.ts';
import { JsonColumns } from './json-columns.ts';
import { findShape, isList, isRecord, type JsonShape, SeveralTables, UnequalColumns } from './json-shape.ts';
import { JsonTextError, parseJsonText } from './json-text.ts';
import { serviceMessage } from './service-message.ts';
import { readAll, readHead, type SourceFile, unreadable } from './source-file.ts';
import { readBlocks } from './text.ts';

/** JSON is read as one string, and strings in V8 are shorter than 512 MiB. */
const maxJsonBytes = 384 * 1024 ** 2;
/** What the first line of JSON lines must fit in. */
const lineBytes = 1 << 16;

const shapes =
  'Expected rows [[time, open, high, low, close, volume], …], objects [{"time": …}, …] or columns {"time": […], …}.';

/**
 * Reads JSON in the shapes that pandas, services and chart libraries give it (FORMATS.md#json), and JSON lines.
 * @throws AppError data_unreadable, with line and column where the text is no JSON, with the keys where its shape is
 *   unknown, with the words of a service where they are all it holds; data_empty
 */
export async function readJson(file: SourceFile): Promise<RawTable> {
  if (await isLines(file)) return readLines(file);
  const text = decode(await readAll(file, maxJsonBytes));
  const { values, missing } = parse(file, text, 1);
  const columns = new JsonColumns(file);
  const found = shapesOf(file, values);
  for (const shape of found) columns.add(shape);
  return columns.finish(missingNotes(missing), found[0]);
}

/** Reads one row or object a line, without holding all of them. */
async function readLines(file: SourceFile): Promise<RawTable> {
  const columns = new JsonColumns(file);
  let missing = 0;
  for await (const { text, line } of readBlocks(file)) {
    text.split('\n').forEach((row, index) => {
      if (row.trim() === '') return;
      const parsed = parse(file, row, line + index);
      missing += parsed.missing;
      for (const value of parsed.values) {
        if (isList(value)) columns.row(value);
        else if (isRecord(value)) columns.object(value);
        else throw unreadable(file.name, `has no row at line ${line + index}`, shapes);
      }
    });
  }
  return columns.finish(missingNotes(missing));
}

/** Whether each line is a value of its own: the first is one row or one flat object, and another follows it. */
async function isLines(file: SourceFile): Promise<boolean> {
  const [first, second] = decode(await readHead(file, lineBytes))
    .trimStart()
    .split(/[\r\n]+/, 2);
  if (second === undefined || !/^\s*[[{]/.test(second)) return false;
  try {
    const { values } = parseJsonText(first);
    if (values.length !== 1) return false;
    const cells = isList(values[0]) ? values[0] : Object.values(isRecord(values[0]) ? values[0] : { none: [] });
    return cells.length > 0 && !cells.some((cell) => isList(cell) || (isList(values[0]) && isRecord(cell)));
  } catch (error) {
    if (error instanceof JsonTextError) return false;
    throw error;
  }
}

function decode(bytes: Uint8Array): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : '';
  return new TextDecoder(mark || 'utf-8').decode(bytes);
}

function parse(file: SourceFile, text: string, line: number): ReturnType<typeof parseJsonText> {
  try {
    return parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const at = `line ${line + error.line - 1}${error.column === undefined ? '' : `, column ${error.column}`}`;
    throw unreadable(file.name, `${error.message} at ${at}`, shapes, error.cause);
  }
}

/** The tables of values that stand one after another: pages of one answer, or rows and objects that are one table. */
function shapesOf(file: SourceFile, values: readonly unknown[]): readonly JsonShape[] {
  const isOneTable = values.length > 1 && values.every((value) => !hasList(value));
  const whole = isOneTable ? [shapeOf(file, values)] : values.map((value) => shapeOf(file, value));
  const kinds = new Set(whole.map((shape) => ('objects' in shape ? 'objects' : 'rows')));
  const symbols = new Set(whole.map(({ symbol }) => symbol));
  if (kinds.size > 1 || symbols.size > 1) {
    throw unreadable(file.name, `holds ${values.length} tables of different kinds, one after another`, 'Split it.');
  }
  return whole;
}

function hasList(value: unknown): boolean {
  if (isList(value)) return value.some((cell) => isList(cell) || isRecord(cell));
  return isRecord(value) && Object.values(value).some((cell) => isList(cell) || hasList(cell));
}

function shapeOf(file: SourceFile, value: unknown): JsonShape {
  const shape = search(file, value);
  if (shape && !isWords(value)) return shape;
  const said = serviceMessage(value);
  if (said !== null && typeof value === 'object') {
    const what = `holds the answer of a service without a table: ${JSON.stringify(said)}`;
    throw unreadable(file.name, what, 'Ask the service again, and save what it answers then.');
  }
  if (isEmpty(value)) {
    const text = 'holds JSON without a row. Check that it is the right file.';
    throw new AppError('data_empty', `The data file ${JSON.stringify(file.name)} ${text}`);
  }
  if (isList(value) && (isList(value[0]) || isRecord(value[0]))) {
    const [is, kind] = isList(value[0]) ? [isList, 'array'] : [isRecord, 'object'];
    const wrong = value.findIndex((row) => !is(row));
    throw unreadable(file.name, `has no ${kind} at row ${wrong + 1}`, shapes);
  }
  throw unreadable(file.name, `is JSON of another shape (${describe(value)})`, shapes);
}

function search(file: SourceFile, value: unknown): JsonShape | null {
  try {
    return findShape(value);
  } catch (error) {
    if (error instanceof UnequalColumns) {
      throw unreadable(file.name, `has columns of different length: ${error.message}`, shapes);
    }
    if (!(error instanceof SeveralTables)) throw error;
    const what = `holds ${error.keys.length} tables (${quoteAll(error.keys)})`;
    throw unreadable(file.name, what, 'Expected one: save each to a file of its own.');
  }
}

/** Whether a lone object holds words and no bar: `[{"error": "…"}]`. */
function isWords(value: unknown): boolean {
  const only = isList(value) && value.length === 1 ? value[0] : null;
  return isRecord(only) && !Object.keys(only).some(isBarColumn) && serviceMessage(only) !== null;
}

function isEmpty(value: unknown): boolean {
  if (isList(value)) return value.length === 0;
  return isRecord(value) && Object.values(value).some((inner) => isList(inner) && inner.length === 0);
}

function describe(value: unknown): string {
  if (isRecord(value)) return `an object with the keys ${quoteAll(Object.keys(value)) || 'none'}`;
  return isList(value) ? `a list of single values` : value === null ? 'null' : `a single ${typeof value}`;
}

function quoteAll(keys: readonly string[]): string {
  const shown = keys.slice(0, 8).map((key) => JSON.stringify(key.slice(0, 40)));
  return `${shown.join(', ')}${keys.length > 8 ? ', …' : ''}`;
}

function missingNotes(missing: number): readonly string[] {
  return missing === 0 ? [] : [`NaN and Infinity, which are no JSON, read as missing: ${missing} cells`];
}
