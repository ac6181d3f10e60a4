// The table of rows that are only drawn where they are seen (Tabulator). It knows nothing
// of lists: columns, cells and what happens are its caller's. Texts of cells are text, never
// markup.
import { textScale } from '../base/size';
import {
  EditModule, ExportModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, PrintModule, ResizeColumnsModule,
  ResizeTableModule, Tabulator, type Cell, type Definition,
} from 'tabulator-tables';
import '../look/list.css';

Tabulator.registerModule([EditModule, ExportModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, PrintModule,
  ResizeColumnsModule, ResizeTableModule]);

export type Row = Record<string, unknown>;
export type { Cell };

export interface GridColumn {
  name: string; title: string; width: number; frozen?: boolean; number?: boolean; hidden?: boolean;
  show: (value: unknown, row: Row) => Node | string;
  sort?: boolean; // its head is a button
  edit?: { input: (value: unknown, row: Row) => HTMLInputElement | HTMLSelectElement; read: (text: string) => unknown; editable?: (row: Row) => boolean };
}

export interface GridEvents {
  onSort?: (name: string) => void;
  onEdit?: (row: Row, name: string, value: unknown, before: unknown) => void;
  onNearEnd?: () => void;
  rowClass?: (row: Row) => string;
}

// A field that is written to becomes the cell's value when it is left, or at Enter; Escape
// puts back what was there.
function editorOf(column: GridColumn): Definition['editor'] {
  return (cell, rendered, success, cancel) => {
    const edit = column.edit!, input = edit.input(cell.getValue(), cell.getData()), before = input.value;
    let over = false;
    const end = (keep: boolean): void => {
      if (over) return;
      over = true;
      if (keep && input.value !== before) success(edit.read(input.value));
      else cancel();
    };
    input.setAttribute('aria-label', column.title);
    input.addEventListener('blur', () => end(true));
    if (input instanceof HTMLSelectElement) input.addEventListener('change', () => end(true));
    input.addEventListener('keydown', (event) => {
      const { key } = event as KeyboardEvent;
      if (key === 'Enter') end(true);
      if (key === 'Escape') end(false);
      if (key === 'Enter' || key === 'Escape') { event.stopPropagation(); cell.getElement().focus(); }
    });
    rendered(() => input.focus({ preventScroll: true }));
    return input;
  };
}

function headOf(column: GridColumn, onSort: GridEvents['onSort']): Definition['titleFormatter'] {
  return () => {
    if (!column.sort || !onSort) return document.createTextNode(column.title);
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.sort = column.name;
    button.dataset.title = button.textContent = column.title;
    button.addEventListener('click', () => onSort(column.name));
    return button;
  };
}

function definitionOf(column: GridColumn, events: GridEvents): Definition {
  return {
    title: column.title, field: column.name, width: Math.round(column.width * textScale()), frozen: column.frozen ?? false, visible: !column.hidden, resizable: true,
    cssClass: [column.number ? 'number' : '', column.edit ? 'editable' : ''].filter((one) => one !== '').join(' ') || undefined,
    formatter: (cell) => {
      const shown = column.show(cell.getValue(), cell.getData());
      return typeof shown === 'string' ? document.createTextNode(shown) : shown;
    },
    titleFormatter: headOf(column, events.onSort),
    ...(column.edit ? { editor: editorOf(column), editable: (cell: Cell) => column.edit?.editable?.(cell.getData()) ?? true } : {}),
  };
}

let grids = 0;
const coarse = window.matchMedia('(pointer: coarse)');

export class Grid {
  private readonly table: Tabulator;
  private readonly built: Promise<void>;

  constructor(private readonly element: HTMLElement, columns: GridColumn[], index: string, rows: Row[], label: string, height: { height: string } | { maxHeight: string }, events: GridEvents) {
    this.table = new Tabulator(element, {
      data: rows, index, ...height, columns: columns.map((one) => definitionOf(one, events)), rowHeight: Math.round((coarse.matches ? 44 : 32) * textScale()),
      editTriggerEvent: coarse.matches ? 'click' : 'dblclick', renderVerticalBuffer: 400, printAsHtml: true, printStyled: false, printRowRange: 'all', keybindings: {},
      rowFormatter: events.rowClass ? (row: { getData(): Row; getElement(): HTMLElement }) => {
        row.getElement().dataset.state = events.rowClass?.(row.getData()) ?? '';
      } : undefined,
    });
    this.built = new Promise((done) => { this.table.on('tableBuilt', () => done()); });
    const { onEdit, onNearEnd } = events;
    if (onEdit) this.table.on('cellEdited', ((cell: Cell) => onEdit(cell.getData(), cell.getField(), cell.getValue(), cell.getOldValue())) as never);
    element.addEventListener('keydown', (event) => this.key(event, columns));
    void this.built.then(() => {
      const holder = element.querySelector<HTMLElement>('.tabulator-tableholder'), head = element.querySelector('.tabulator-header');
      if (!holder || !head) return;
      // What takes the focus and scrolls is the grid; the heads stand outside, and are its own.
      element.setAttribute('role', 'group');
      element.removeAttribute('aria-owns');
      head.id = `${holder.id || `grid-${++grids}`}-head`;
      holder.setAttribute('role', 'grid');
      holder.setAttribute('aria-label', label);
      holder.setAttribute('aria-owns', head.id);
      if (onNearEnd) holder.addEventListener('scroll', () => {
        if (holder.scrollHeight - holder.clientHeight - holder.scrollTop < 3 * holder.clientHeight) onNearEnd();
      });
    });
  }

  // A cell that has the focus is written to by Enter or F2, as in a sheet.
  private key(event: KeyboardEvent, columns: GridColumn[]): void {
    if (event.key !== 'Enter' && event.key !== 'F2') return;
    const cell = event.target instanceof HTMLElement && event.target.matches('.tabulator-cell') ? event.target : null;
    const name = cell?.getAttribute('tabulator-field');
    if (!cell || !columns.some((one) => one.name === name && one.edit)) return;
    event.preventDefault();
    cell.dispatchEvent(new MouseEvent(coarse.matches ? 'click' : 'dblclick', { bubbles: false }));
  }

  async add(rows: Row[]): Promise<void> {
    await this.built;
    await this.table.addData(rows);
  }

  async set(rows: Row[]): Promise<void> {
    await this.built;
    await this.table.setData(rows);
  }

  // Shows by which column the rows stand.
  async sorted(name: string, falling: boolean): Promise<void> {
    await this.built;
    for (const button of this.element.querySelectorAll<HTMLElement>('button[data-sort]')) {
      const is = button.dataset.sort === name;
      button.textContent = `${button.dataset.title}${is ? (falling ? ' ▼' : ' ▲') : ''}`;
      button.closest('.tabulator-col')?.setAttribute('aria-sort', is ? (falling ? 'descending' : 'ascending') : 'none');
    }
  }

  hide(name: string, hidden: boolean): void {
    if (hidden) this.table.hideColumn(name);
    else this.table.showColumn(name);
  }

  redrawRow(index: unknown): void {
    const row = this.table.getRow(index);
    if (row) row.reformat();
  }

  end(): void {
    this.table.destroy();
  }
}
