// A block of cells, as Excel puts it into the clipboard, becomes rows of fields: columns by
// their titles in either language, words by code or by what they are called, days in the
// ways people write them. Nothing is guessed: where day and month may be swapped somebody
// is asked, and what cannot be read says so beside its row.
import { en } from '../texts/en';
import { zh } from '../texts/zh';
import { groupOf } from './tellings';
import type { FieldAbout } from './described';

export type Order = 'dmy' | 'mdy' | '';

// Cells of tab-separated text, with quotes as Excel sets them. A quote that nothing closes
// is one that was typed: it must not take the rows below into its cell.
export function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [], cell = '', quoted = false, opened = 0, typed = -1;
  let back = { rows: 0, row: [] as string[] };
  for (let at = 0; at <= text.length; at++) {
    if (at === text.length) {
      if (!quoted) break;
      rows.length = back.rows;
      row = back.row; cell = ''; quoted = false;
      at = typed = opened;
    }
    const one = text[at];
    if (quoted) {
      if (one !== '"') cell += one;
      else if (text[at + 1] === '"') { cell += '"'; at++; } else quoted = false;
    } else if (one === '"' && cell === '' && at !== typed) {
      quoted = true; opened = at; back = { rows: rows.length, row: [...row] };
    } else if (one === '\t') { row.push(cell.trim()); cell = ''; } else if (one === '\n') {
      row.push(cell.trim());
      rows.push(row);
      row = []; cell = '';
    } else if (one !== '\r') cell += one;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell.trim()]);
  return rows.filter((cells) => cells.some((one) => one !== ''));
}

// ---- columns ----

const plain = (text: string): string => text.toLowerCase().replace(/[\s_*:：]|（.*?）|\(.*?\)/g, '');

function isCalled(field: FieldAbout, title: string): boolean {
  const wanted = plain(title);
  return wanted !== '' && [field.name, `${field.name}_id`, field.zh, field.en].some((one) => plain(one) === wanted);
}

// The field of each column, null where none is called so; null in all: the first row holds
// no titles.
export function columnsOf(first: string[], fields: FieldAbout[]): (FieldAbout | null)[] {
  const left = [...fields];
  return first.map((title) => {
    const at = left.findIndex((one) => isCalled(one, title));
    return at < 0 ? null : left.splice(at, 1)[0] ?? null;
  });
}

// ---- values ----

export interface Read { value: string | number | boolean | null; wrong: 'time' | 'word' | 'yesno' | 'number' | 'order' | 'lines' | 'wide' | null }

const good = (value: Read['value']): Read => ({ value, wrong: null });
const bad = (wrong: Read['wrong']): Read => ({ value: null, wrong });
const two = (one: number): string => String(one).padStart(2, '0');

function dayOf(year: number, month: number, day: number): string | null {
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day && year >= 1900 ? made.toISOString().slice(0, 10) : null;
}

const clock = /^[T\s]*(上午|下午|[ap]m)?\s*(\d{1,2})(?:[:：时点](\d{1,2})?)?(?:[:：分](\d{1,2})?)?秒?\s*([ap]m)?\s*([+-]\d\d:\d\d|Z)?$/i;
const yearFirst = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?/, yearLast = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})/;

function dateOf(text: string, order: Order): { day: string; rest: string } | Read {
  const first = yearFirst.exec(text);
  if (first) {
    const day = dayOf(Number(first[1]), Number(first[2]), Number(first[3]));
    return day ? { day, rest: text.slice(first[0].length) } : bad('time');
  }
  const last = yearLast.exec(text);
  if (!last) return bad('time');
  const a = Number(last[1]), b = Number(last[2]);
  if (a <= 12 && b <= 12 && a !== b && !order) return bad('order');
  const monthFirst = a > 12 ? false : b > 12 ? true : order === 'mdy';
  const day = dayOf(Number(last[3]), monthFirst ? a : b, monthFirst ? b : a);
  return day ? { day, rest: text.slice(last[0].length) } : bad('time');
}

// A day without a time of day is its beginning, as in the files that are imported.
function timeOf(text: string, order: Order): Read {
  const found = dateOf(text, order);
  if ('wrong' in found) return found;
  if (found.rest.trim() === '') return good(`${found.day}T00:00`);
  const time = clock.exec(found.rest);
  if (!time) return bad('time');
  const half = (time[1] ?? time[5] ?? '').toLowerCase(), said = Number(time[2]), minute = Number(time[3] ?? 0), second = Number(time[4] ?? 0);
  if (said > 23 || minute > 59 || second > 59 || (half && (said < 1 || said > 12))) return bad('time');
  const hour = half ? (said % 12) + (half === '下午' || half === 'pm' ? 12 : 0) : said;
  return good(`${found.day}T${two(hour)}:${two(minute)}${second ? `:${two(second)}` : ''}${time[6] ?? ''}`);
}

const yes = ['true', 'yes', 'y', '1', '是', '有', '√'], no = ['false', 'no', 'n', '0', '否', '无', '×'];
const texts: Record<string, string>[] = [zh, en];

export function wordOf(field: FieldAbout, text: string): string | undefined {
  const wanted = text.trim().toLowerCase(), group = groupOf(field.name);
  return field.words.find((one) => one === wanted || texts.some((all) => all[`${group}.${one}`]?.toLowerCase() === wanted));
}

// Ids and numbers in full-width letters and digits: as ids they would be others.
const isWide = (text: string): boolean => /^[\x20-\x7e\uff01-\uff5e\u3000]+$/.test(text) && /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/.test(text);

// An empty cell says nothing. What is a time, a number or a word may be written in full
// width; of a text nobody knows what its lines or its letters were meant to be.
export function readValue(field: FieldAbout, text: string, order: Order): Read {
  const plainText = text.trim(), typed = ['time', 'date', 'yesno', 'word', 'number'].includes(field.type);
  const given = typed ? plainText.normalize('NFKC') : plainText;
  if (given === '') return good(null);
  switch (field.type) {
    case 'time': return timeOf(given, order);
    case 'date': {
      const found = dateOf(given, order);
      return 'wrong' in found ? found : good(found.day);
    }
    case 'yesno': {
      const word = given.toLowerCase();
      return yes.includes(word) ? good(true) : no.includes(word) ? good(false) : bad('yesno');
    }
    case 'word': {
      const word = wordOf(field, given);
      return word ? good(word) : bad('word');
    }
    case 'number': return Number.isFinite(Number(given)) ? good(Number(given)) : bad('number');
    default: return /[\n\r]/.test(given) ? bad('lines') : isWide(given) ? bad('wide') : good(given);
  }
}
