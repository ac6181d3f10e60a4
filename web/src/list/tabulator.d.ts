// Of Tabulator what the lists use.
declare module 'tabulator-tables' {
  export interface Cell {
    getValue(): unknown;
    getOldValue(): unknown;
    getField(): string;
    getData(): Record<string, unknown>;
    getElement(): HTMLElement;
    getRow(): Row;
    edit(): void;
    restoreOldValue(): void;
  }
  export interface Row { getData(): Record<string, unknown>; getIndex(): unknown; reformat(): void; update(data: Record<string, unknown>): Promise<void>; getElement(): HTMLElement }
  export interface Definition {
    title: string; field: string; width?: number; frozen?: boolean; visible?: boolean; cssClass?: string | undefined; hozAlign?: string; resizable?: boolean;
    formatter?: (cell: Cell) => Node | string;
    titleFormatter?: (cell: { getElement(): HTMLElement }) => Node | string;
    editor?: (cell: Cell, rendered: (then: () => void) => void, success: (value: unknown) => void, cancel: () => void) => HTMLElement;
    editable?: (cell: Cell) => boolean;
  }
  export class Tabulator {
    constructor(element: HTMLElement, options: Record<string, unknown>);
    static registerModule(modules: unknown[]): void;
    on(event: string, act: (...given: never[]) => void): void;
    setData(rows: unknown[]): Promise<void>;
    replaceData(rows: unknown[]): Promise<void>;
    addData(rows: unknown[]): Promise<unknown>;
    showColumn(field: string): void;
    hideColumn(field: string): void;
    getRow(index: unknown): Row | false;
    redraw(force?: boolean): void;
    destroy(): void;
  }
  export const EditModule: unknown, FormatModule: unknown, FrozenColumnsModule: unknown, InteractionModule: unknown,
    KeybindingsModule: unknown, PrintModule: unknown, ExportModule: unknown, ResizeColumnsModule: unknown, ResizeTableModule: unknown;
}
