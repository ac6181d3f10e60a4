// The line list with a hundred thousand rows, in a browser: how long opening, order,
// filter, reading on and pasting take, from the click to the picture.
//
//   node web/test/measure.mjs WEFT [ROWS [TIMES]]
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { City, oneTimeCode } from './city.mjs';
import { median, note } from './measured.mjs';

const [weft, rows = '100000', times = '7'] = process.argv.slice(2);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

class ManyCases extends City {
  make() {
    this.at = '2021-12-12T10:00:00+08:00';
    this.run(['init', this.dir, '--kind', 'drill', '--clock', '2021-12-11T10:00:00+08:00']);
    const words = ['confirmed', 'suspected', 'probable', 'asymptomatic'], sources = ['lab', 'clinic', 'screening'];
    const two = (number) => String(number).padStart(2, '0');
    let state = 7;
    const draw = (below) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % below; };
    const lines = [this.fact('outbreak.declared', '2021-12-11T08:00:00', '320282', { outbreak: 'O-1', name: '演练' })];
    for (let at = 1; at <= Number(rows); at++) {
      const person = `P-${String(at).padStart(7, '0')}`;
      lines.push(this.fact('person.registered', '2021-12-11T07:00:00', '320282001', { person, grid: '320282001', name: `演练${at}`, phone: `138${String(at).padStart(8, '0')}` }));
      lines.push(this.fact('case.reported', '2021-12-11T08:30:00', '320282001', { case: `C-${String(at).padStart(6, '0')}`, person, outbreak: 'O-1', classification: words[draw(4)],
        source: sources[draw(3)], onset: `2021-12-${two(1 + draw(10))}T${two(draw(24))}:${two(draw(60))}:00+08:00` }));
    }
    this.send(`${lines.join('\n')}\n`);
    this.user('lin', 'lead');
  }
}

function tell(name, what, all) {
  const of = (field) => all.map((one) => one[field]);
  note(`list_${name}`, Math.round(median(of('ms'))), 'ms', `${what}, median of ${all.length}`);
  console.log(`  worst ${Math.round(Math.max(...of('ms')))} ms, main thread ${Math.round(median(of('main')))} ms`);
}

// What the page's main thread has worked, in ms: it says more than a clock where the
// machine has other work.
const sessions = new Map();
async function busy(page) {
  if (!sessions.has(page)) {
    sessions.set(page, await page.context().newCDPSession(page));
    await sessions.get(page).send('Performance.enable', { timeDomain: 'threadTicks' });
  }
  return 1000 * (await sessions.get(page).send('Performance.getMetrics')).metrics.find((one) => one.name === 'TaskDuration').value;
}

// From the act to the picture that follows what is waited for.
async function time(page, act, until, given) {
  const before = await busy(page);
  const begun = await page.evaluate(() => performance.now());
  await act();
  await page.waitForFunction(until, given, { polling: 'raf' });
  const ms = await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)); })) - begun;
  return { ms, main: await busy(page) - before };
}

const city = new ManyCases(weft, root);
const browser = await chromium.launch({ executablePath: process.env.WEFT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  city.make();
  await city.serve();
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  city.watch(page);
  await page.goto(city.origin);
  await page.fill('input[name=user]', 'lin');
  await page.fill('input[name=password]', city.password);
  await page.fill('input[name=code]', oneTimeCode(city.secrets.lin, Date.now() / 1000 + 30));
  await page.click('button[type=submit]');
  await page.waitForSelector('.login', { state: 'detached' });
  await city.cameIn(page.context());
  await page.goto(`${city.origin}/#/list/cases/cases`);
  await page.locator('.look input').fill('C-000001');
  await page.locator('.look select').nth(1).selectOption('trace-contacts');
  // The policy lets no text become a program: what is waited for are functions.
  const rowIs = (text) => document.querySelector('.tabulator-row .tabulator-cell')?.textContent === text;
  const some = () => document.querySelectorAll('.tabulator-row').length > 5 && !document.querySelector('[data-count="0"]');
  const byOnset = (text) => document.querySelector('.tabulator-row .tabulator-cell')?.textContent !== text && document.querySelector('[aria-sort=ascending] button[data-sort=onset]');
  const probable = (text) => location.hash.includes('classification=probable') &&
    [...document.querySelectorAll('.tabulator-row [tabulator-field=classification]')].every((one) => one.textContent === text);
  const mixed = (text) => [...document.querySelectorAll('.tabulator-row [tabulator-field=classification]')].some((one) => one.textContent !== text);
  const readOn = () => Number(document.querySelector('[data-count]')?.dataset.count) >= 1000;
  const previewed = () => document.querySelectorAll('.paste .tabulator-row').length > 3 && document.querySelector('[data-pasted]').textContent.includes('1,000');
  const taken = () => document.querySelector('[data-pasted]').textContent.includes('已收下 1,000') && document.querySelectorAll('.paste .tabulator-row').length === 0;
  const results = { open: [], sort: [], onset: [], filter: [], clear: [], more: [], preview: [], send: [] };
  await page.locator('.look button[type=submit]').click();
  await page.waitForFunction(some);
  const last = `C-${String(Number(rows)).padStart(6, '0')}`;
  for (let n = 0; n < Number(times); n++) {
    await page.evaluate(() => { location.hash = '#/tasks'; });
    await page.waitForFunction(() => !document.querySelector('.tabulator'));
    results.open.push(await time(page, () => page.evaluate(() => { location.hash = '#/list/cases/cases'; }), some));
    const head = (name) => page.locator(`button[data-sort=${name}]`).click(), choose = (word) => page.locator('select[name=classification]').selectOption(word);
    await head('case_id');
    await page.waitForFunction(rowIs, last);
    await head('case_id');
    await page.waitForFunction(rowIs, 'C-000001');
    results.sort.push(await time(page, () => head('case_id'), rowIs, last));
    results.onset.push(await time(page, () => head('onset'), byOnset, last));
    results.filter.push(await time(page, () => choose('probable'), probable, '可能病例'));
    results.clear.push(await time(page, () => choose(''), mixed, '可能病例'));
    results.more.push(await time(page, () => page.evaluate(() => { const one = document.querySelector('.tabulator-tableholder'); one.scrollTop = one.scrollHeight; }), readOn));
  }
  await page.getByRole('button', { name: /Excel/ }).click();
  for (let n = 0; n < Number(times); n++) {
    const lines = [['病例编号', '人员编号', '疫情编号', '病例分类', '发病时间', '发现途径'].join('\t')];
    for (let at = 0; at < 1000; at++)
      lines.push([`N-${n}-${at}`, `P-${String(at + 1).padStart(7, '0')}`, 'O-1', ['确诊', '疑似'][at % 2], `2021/12/${1 + at % 10} ${at % 24}:30`, '筛查'].join('\t'));
    await page.locator('textarea[data-paste]').waitFor();
    results.preview.push(await time(page, () => page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.querySelector('textarea[data-paste]').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, lines.join('\r\n')), previewed));
    const buttons = page.locator('.paste .pager').last().locator('button');
    results.send.push(await time(page, () => buttons.first().click(), taken));
    await buttons.last().click();
  }
  console.log(`${rows} cases; Chromium ${browser.version()}`);
  tell('open', 'open, first rows drawn', results.open);
  tell('sort', 'order by the number, falling', results.sort);
  tell('sort_onset', 'order by onset', results.onset);
  tell('filter', 'filter by classification', results.filter);
  tell('filter_off', 'filter taken off', results.clear);
  tell('more', 'read on: the next 500', results.more);
  tell('paste', 'paste 1,000 rows: preview', results.preview);
  tell('paste_taken', 'paste 1,000 rows: all taken as facts', results.send);
} finally {
  await browser.close();
  for (const one of await city.end()) {
    console.log(`not ok: ${one}`);
    process.exitCode = 1;
  }
}
