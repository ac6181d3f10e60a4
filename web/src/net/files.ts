// What leaves the wall as a file.
export interface List { columns: string[]; rows: (string | number)[][]; link?: { to: string; text: string } | null }

export function save(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), 60000);
}

// As the service writes CSV: for spreadsheets, and no cell is a formula there.
export function csvOf(list: List): string {
  const cell = (value: string | number) => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return `\uFEFF${[list.columns, ...list.rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
