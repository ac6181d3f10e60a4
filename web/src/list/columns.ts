// A view's columns as the grid draws them, with what may be written into which.
import { health } from '../base/city';
import { addressOf } from '../base/route';
import { isTime, numberText, spanText, timeText } from '../base/times';
import { has, labelOf, say, titleOf, word } from '../base/words';
import type { ColumnAbout, View } from '../pages/views';
import type { FieldAbout, KindAbout } from './described';
import type { GridColumn, Row } from './grid';
import { groupOf, type Edit, type Telling } from './tellings';

// Names of cells whose fact is on its way.
export const underWay = (row: Row): Set<string> => (row._wait as Set<string> | undefined) ?? new Set();

export function textOf(column: ColumnAbout, value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (typeof value === 'number') return column.unit === 'µs' ? spanText(value / 1e6) : Number.isInteger(value) ? numberText(value) : String(value);
  if (isTime(value)) return timeText(value, health.value?.now);
  const text = String(value), name = `${groupOf(column.name)}.${text}`;
  return has(name) ? say(name) : text;
}

function show(column: ColumnAbout, toCase: boolean): GridColumn['show'] {
  return (value, row) => {
    const text = textOf(column, value), waits = underWay(row).has(column.name);
    if (!waits && !(toCase && value)) return text;
    const element = document.createElement(waits ? 'span' : 'a');
    element.textContent = text;
    if (waits) element.className = 'wait';
    else (element as HTMLAnchorElement).href = addressOf('case', { case: String(value) });
    return element;
  };
}

export function inputOf(field: FieldAbout, value: unknown): HTMLInputElement | HTMLSelectElement {
  const words = field.type === 'yesno' ? ['true', 'false'] : field.words;
  if (words.length > 0) {
    const select = document.createElement('select');
    for (const one of ['', ...words]) {
      const text = one === '' ? '–' : field.type === 'yesno' ? say(one === 'true' ? 'yes' : 'no') : word(groupOf(field.name), one);
      select.add(new Option(text, one, false, one === String(value ?? '')));
    }
    return select;
  }
  const input = document.createElement('input'), now = String(value ?? '');
  input.type = { time: 'datetime-local', date: 'date', number: 'number' }[field.type as string] ?? 'text';
  input.value = field.type === 'time' ? now.slice(0, 16) : now;
  input.maxLength = 400;
  return input;
}

export function valueOf(field: FieldAbout, text: string): unknown {
  const given = text.trim();
  if (given === '') return null;
  return field.type === 'yesno' ? given === 'true' : field.type === 'number' ? Number(given) : given;
}

export function fieldOf(edit: Edit | undefined, kinds: Map<string, KindAbout> | null): FieldAbout | undefined {
  return edit && kinds?.get(edit.kind)?.fields.find((one) => one.name === edit.field);
}

// What the role may say, and what the row knows enough for, may be edited.
function editOf(edit: Edit, kinds: () => Map<string, KindAbout> | null, role: string): GridColumn['edit'] {
  const given = Object.entries(edit.with);
  return {
    input: (value) => inputOf(fieldOf(edit, kinds())!, value),
    read: (text) => valueOf(fieldOf(edit, kinds())!, text),
    editable: (row) => {
      const about = kinds()?.get(edit.kind);
      return !!about && about.roles.includes(role) && given.every(([name, column]) =>
        name === edit.field || !!row[column] || !about.fields.find((one) => one.name === name)?.required);
    },
  };
}

function widthOf(column: ColumnAbout, rows: Row[]): number {
  const shown = rows.slice(0, 40).map((row) => textOf(column, row[column.name])), wide = /[⺀-￿]/g;
  const length = (text: string): number => text.length + (text.match(wide)?.length ?? 0);
  return Math.min(300, Math.max(84, 40 + 7.6 * Math.max(...shown.map(length), Math.min(26, length(titleOf(column))))));
}

export function columnsOfView(view: View, rows: Row[], given: {
  sortable: (name: string) => boolean; hidden: Set<string>; telling: Telling | undefined; kinds: () => Map<string, KindAbout> | null; role: string; cases: boolean;
}): GridColumn[] {
  return view.columns.map((one, at) => {
    const edit = given.telling?.edits[one.name];
    return {
      name: one.name, title: labelOf(one), width: Math.round(widthOf(one, rows)), frozen: at === 0, hidden: given.hidden.has(one.name),
      number: rows.some((row) => typeof row[one.name] === 'number'),
      show: show(one, given.cases && one.name === 'case_id'),
      ...(given.sortable(one.name) ? { sort: true } : {}),
      ...(edit ? { edit: editOf(edit, given.kinds, given.role)! } : {}),
    };
  });
}
