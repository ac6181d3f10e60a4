// Cells out of Excel as rows, without a browser: what people really paste.
import { buildSync } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src/list/paste.ts');

export async function pasteTests(hold) {
  const made = buildSync({ entryPoints: [file], bundle: true, format: 'esm', write: false });
  const { cellsOf, readValue } = await import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].text).toString('base64')}`);
  const same = (text, rows, words) => hold(JSON.stringify(cellsOf(text)) === JSON.stringify(rows), `${words}: ${JSON.stringify(cellsOf(text))}`);
  same('a\tb\r\n1\t"x\ny ""z"""\r\n\t\r\n\r\n', [['a', 'b'], ['1', 'x\ny "z"']], 'a quoted cell of two lines is one, empty rows at the end are none');
  same('a\t"b\n1\t2\n3\t4', [['a', '"b'], ['1', '2'], ['3', '4']], 'a quote that nothing closes takes no rows with it');
  hold(cellsOf('"\n'.repeat(3) + 'a').flat().join('').includes('a'), 'nothing is lost to quotes');
  const many = Array.from({ length: 1000 }, (_, at) => `C-${at}\t"n\n${at}"`).join('\r\n');
  hold(cellsOf(`${many}\r\n\r\n`).length === 1000, '1,000 rows are 1,000');
  const read = (type, text, order = '') => readValue({ name: 'x', type, words: ['close'] }, text, order);
  const is = (type, text, value, wrong, order) => {
    const got = read(type, text, order);
    hold(got.value === value && got.wrong === wrong, `${type} ${JSON.stringify(text)} is ${JSON.stringify(got)}`);
  };
  is('date', '０９／１２／２０２１', null, 'order');
  is('date', '０９／１２／２０２１', '2021-12-09', null, 'dmy');
  is('date', '09/12/2021', '2021-09-12', null, 'mdy');
  is('time', '２０２１－１２－０９　８：３０', '2021-12-09T08:30', null);
  is('time', '２０２１年１２月９日', '2021-12-09T00:00', null);
  is('number', '３２．５', 32.5, null);
  is('number', '3 2', null, 'number');
  is('word', 'ｃｌｏｓｅ', 'close', null);
  is('text', '同桌\n两次', null, 'lines');
  is('text', 'Ｐ－０００１', null, 'wide');
  is('text', '同桌，２次', '同桌，２次', null);
  is('text', ' P-1 ', 'P-1', null);
}
