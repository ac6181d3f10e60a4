// How long pages take in a city where one case has thousands of confirmed contacts, from
// the click to the picture of what was asked. Figures are said and judged by people, never
// by a test: machines are noisy.
//
//   node web/test/measure_pages.mjs WEFT [CONTACTS] [PEOPLE] [TIMES]
//
// Main thread: what the page itself has worked; service: what its process has worked, in
// steps of 10 ms. They say more than a clock where the machine has other work. The slowest
// ask is named, as the browser saw it.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { City, oneTimeCode } from './city.mjs';
import { median, note } from './measured.mjs';

const [weft, ...given] = process.argv.slice(2);
const [contacts, people, times] = [5000, 30000, 7].map((usual, at) => Number(given[at] ?? usual));
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const market = 'MK-0000000', grid = '990101001001001001';
let person = 200; // whose page is opened: each time another's, as memory holds the last
const personId = () => `P-${String(person).padStart(7, '0')}`;

class ManyContacts extends City {
  make() {
    this.run(['city', this.dir, '--people', String(people), '--days', '8', '--start', '2021-12-05', '--seed', '1']);
    const facts = this.facts().trim().split('\n');
    const from = '2021-12-07T10:00:00+08:00', until = '2021-12-07T10:40:00+08:00', about = { case: 'C-0002', outbreak: 'OB-2' };
    for (let at = 0; at < contacts; at++) {
      const person = `P-${String(at + 100).padStart(7, '0')}`, say = (kind, minute, body) => facts.push(this.fact(kind, `13:${String(minute).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`, grid, body));
      say('contact.confirmed', 1, { ...about, person, level: ['close', 'secondary'][at % 2], exposed_from: from, exposed_until: until, place: market, judgement: '同一市场' });
      if (at % 3 !== 0) say('contact.reached', 20, { person, outbreak: 'OB-2', how: 'phone' });
      if (at % 3 === 2) say('contact.placed', 40, { person, outbreak: 'OB-2', where: 'site' });
      if (at % 6 === 2) say('contact.tested', 50, { person, outbreak: 'OB-2', result: 'negative' });
    }
    this.send(`${facts.join('\n')}\n`);
    this.user('lin', 'lead', ['--office', '流调溯源组']);
  }
}

function tell(name, what, all) {
  const of = (field) => all.map((one) => one[field]);
  note(`page_${name}`, Math.round(median(of('ms'))), 'ms', `${what}, median of ${all.length}`);
  console.log(`  worst ${Math.round(Math.max(...of('ms')))} ms, main thread ${Math.round(median(of('main')))} ms, service ${Math.round(of('server').reduce((sum, ms) => sum + ms, 0) / all.length)} ms, slowest ask ${Math.round(median(of('ask')))} ms (${all[0].slowest})`);
}

const ticks = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ms) => sum + 10 * Number(ms), 0);

let session;
const busy = async () => 1000 * (await session.send('Performance.getMetrics')).metrics.find((one) => one.name === 'TaskDuration').value;

// From the act until what is waited for stands there, nothing says that it waits, and a
// picture of it was made.
async function time(city, page, act, selector, count, text) {
  await page.evaluate(() => performance.clearResourceTimings());
  const before = await busy(), worked = ticks(city.server.pid), begun = await page.evaluate(() => performance.now());
  await act();
  await page.waitForFunction(([which, many, said]) => document.querySelectorAll(which).length >= many && document.querySelector('main').textContent.includes(said) && !document.querySelector('main p[role=status].soft'), [selector, count, text], { polling: 'raf', timeout: 30000 });
  const ms = await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)); })) - begun;
  const asks = await page.evaluate(() => performance.getEntriesByType('resource').map((one) => [one.duration, new URL(one.name).pathname]).sort((a, b) => b[0] - a[0]));
  return { ms, main: await busy() - before, server: ticks(city.server.pid) - worked, ask: asks[0]?.[0] ?? 0, slowest: asks[0]?.[1] ?? 'none' };
}

const city = new ManyContacts(weft, root);
let browser;
try {
  city.make();
  await city.serve();
  browser = await chromium.launch({ executablePath: process.env.WEFT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  city.watch(page);
  session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(city.origin);
  await page.fill('input[name=user]', 'lin');
  await page.fill('input[name=password]', city.password);
  await page.fill('input[name=code]', oneTimeCode(city.secrets.lin, Date.now() / 1000 + 30));
  await page.click('button[type=submit]');
  await page.waitForSelector('.login', { state: 'detached' });
  await city.cameIn(page.context());
  // The reference and the purpose, once.
  await page.goto(`${city.origin}/#/list/tracing/contacts`);
  await page.locator('.look input').fill('C-0002');
  await page.locator('.look select').nth(1).selectOption('trace-contacts');
  await page.locator('.look button[type=submit]').click();
  await page.waitForSelector('.tabulator-row');
  const to = (hash) => () => page.evaluate((where) => { location.hash = where; }, hash);
  const fill = async () => {
    await page.locator('form.filters input').first().fill(personId());
    await page.locator('form.filters button[type=submit]').first().click();
  };
  const choose = async () => {
    await page.locator('form select').last().selectOption('trace-contacts');
    await page.locator('form button[type=submit]').click();
  };
  const pages = [
    ['overview', 'overview', '', to('#/'), 'tr[data-row]', 3],
    ['holes', 'holes, of all', '', to('#/holes?all=true'), 'tr[data-row]', 20],
    ['holes_people', 'holes of one kind that names people', '', to('#/holes?all=true&kind=tracing/contact_not_reached'), 'tr[data-row]', 20],
    ['tasks', 'tasks', '', to('#/tasks'), 'main h1', 1],
    ['wall', 'wall', '', to('#/wall'), '.wall .ring .thrown, .wall .ring .left', 1],
    ['case', 'case page, until whom to call', '#/case?case=C-0002', choose, 'ol.calls li', 10],
    ['view', 'lists: tracing/contacts', '', to('#/views/tracing/contacts'), 'tr[data-row]', 50],
    ['line_list', 'line list: tracing/contacts', '', to('#/list/tracing/contacts'), '.tabulator-row', 10],
    ['person', 'person', '#/person', fill, '.person tr[data-row]', 2],
    ['place', 'place', '', to(`#/place?place=${market}`), '.person tr[data-row]', 4],
  ];
  console.log(`${contacts} confirmed contacts of one case, ${people} people; Chromium ${browser.version()}`);
  for (const [name, what, before, act, selector, count] of pages) {
    const all = [];
    try {
      for (let n = 0; n < times; n++) {
        await page.evaluate(() => { location.hash = '#/api'; });
        await page.waitForFunction(() => !document.querySelector('tr[data-row], .tabulator-row, .wall, ol.calls'));
        person++;
        if (before) {
          await page.evaluate((where) => { location.hash = where; }, before);
          await page.waitForSelector(before.includes('case') ? 'form select' : 'form.filters input');
          await page.waitForTimeout(200);
        }
        all.push(await time(city, page, act, selector, count, what === 'person' ? personId() : ''));
      }
      tell(name, what, all);
    } catch (error) {
      console.log(`${what.padEnd(44)} was not seen: ${error.message.split('\n')[0]}; the page says ${(await page.innerText('main')).slice(0, 1200).replace(/\s+/g, ' ')}`);
    }
  }
} finally {
  await browser?.close();
  for (const one of await city.end()) {
    console.log(`not ok: ${one}`);
    process.exitCode = 1;
  }
}
