// What the wall costs a browser beside a big city and a stream of facts. Figures are said
// and judged by people, never by a test: machines are noisy.
//
//   node measure_wall.mjs WEFT [PEOPLE] [HOLES] [FACTS-A-SECOND] [SECONDS]
//
// Frames: how many pictures a second the page's own loop got, and the longest wait for
// one. Processor: of the process that draws the page. Memory: its heap, and the pages that
// are its alone (PSS). At the end the wall is opened five times in windows that have nothing
// of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { oneTimeCode } from './city.mjs';
import { median, note } from './measured.mjs';
import { OutbreakCity } from './outbreak.mjs';

const [weft, ...given] = process.argv.slice(2);
const [people, holes, rate, seconds] = [1285000, 5000, 50, 20].map((usual, at) => Number(given[at] ?? usual));
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

class BigCity extends OutbreakCity {
  make() {
    super.make();
    const file = join(this.work, 'persons.csv'), lines = ['person,grid'];
    for (let at = 0; at < people - 1874; at++) lines.push(`Q-${String(at).padStart(7, '0')},${this.town(at % 21)}${String(1 + at % 20).padStart(3, '0')}`);
    writeFileSync(file, `${lines.join('\n')}\n`);
    this.run(['import', this.dir, 'persons', file, '--json']);
    const tubes = [];
    for (let at = 0; at < holes; at++) {
      const grid = `${this.town(at % 21)}${String(1 + at % 20).padStart(3, '0')}`, tube = `B-${String(at).padStart(6, '0')}`, when = at % 510;
      tubes.push(this.after(when, 'sample.collected', grid, { tube, person: `Q-${String(at).padStart(7, '0')}`, site: `S-${at % 21}` }), this.after(when + 3, 'tube.sealed', grid, { tube, count: 1 }));
    }
    // The numbers of the machine's own are used by what made the users.
    this.send(`${tubes.map((one, at) => JSON.stringify({ ...JSON.parse(one), device: 'tubes', seq: at + 1 })).join('\n')}\n`);
    this.token = this.run(['token', this.dir, '--device', 'S-BIG', '--role', 'sampler', '--grid', '320282']).trim();
  }
}

const ticks = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, one) => sum + Number(one), 0) / 100;
const pss = (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024;

// Samples, five a post, at the rate that was asked; those that are late are sent at once.
let seq = 0;
const start = performance.now();
async function stream(city, until) {
  const began = performance.now(), first = seq;
  let refused = 0;
  while (performance.now() < until) {
    const due = Math.floor((performance.now() - began) / 1000 * rate);
    if (seq - first + 5 > due) {
      await new Promise((done) => { setTimeout(done, 10); });
      continue;
    }
    const at = new Date(Date.parse('2021-12-11T16:42:00+08:00') + performance.now() - start + 8 * 3600e3).toISOString().slice(0, 19);
    const lines = Array.from({ length: 5 }, () => JSON.stringify({ device: 'S-BIG', seq: ++seq, kind: 'sample.collected', at: `${at}+08:00`, grid: city.town(seq % 21),
      body: { tube: `N-${Math.floor(seq / 10)}`, person: `Q-${String(100000 + seq).padStart(7, '0')}` } }));
    const answer = await fetch(`${city.origin}/v1/facts`, { method: 'POST', headers: { authorization: `Bearer ${city.token}`, 'content-type': 'application/x-ndjson' }, body: `${lines.join('\n')}\n` });
    const said = await answer.json();
    refused += said.refused ?? 5;
  }
  return { sent: seq - first, refused };
}

// Of the processes that draw pages the one that works when this page does.
async function processOf(browser, page) {
  const all = (await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo')).processInfo.filter((one) => one.type === 'renderer');
  const before = all.map((one) => ticks(one.id));
  await page.evaluate(() => { const until = performance.now() + 500; while (performance.now() < until); });
  const worked = all.map((one, at) => ticks(one.id) - before[at]);
  return all[worked.indexOf(Math.max(...worked))].id;
}

// What the page's main thread has worked, in ms: it says more than a clock, or frames,
// where the machine has other work.
async function busy(session) {
  const all = Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map((one) => [one.name, 1000 * one.value]));
  return { all: all.TaskDuration, script: all.ScriptDuration };
}

async function measure(browser, page, city, face) {
  const pid = await processOf(browser, page), session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = ticks(pid), drawn = Number(await page.locator('.wall').getAttribute('data-as-of'));
  const busyBefore = await busy(session), frames = page.evaluate((span) => new Promise((done) => {
    const times = [], begun = performance.now();
    const next = (at) => { times.push(at); if (performance.now() - begun < span) requestAnimationFrame(next); else done(times.slice(1).map((one, i) => one - times[i])); };
    requestAnimationFrame(next);
  }), seconds * 1000);
  const sent = await stream(city, performance.now() + seconds * 1000), gaps = (await frames).sort((a, b) => a - b);
  const spent = ticks(pid) - before, busyAfter = await busy(session), heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1048576);
  const shown = Number(await page.locator('.wall').getAttribute('data-as-of')) - drawn;
  console.log(`${sent.sent} facts sent (${sent.refused} refused), the wall moved on by ${shown}`);
  note(`${face}_frames`, Number((gaps.length / seconds).toFixed(1)), '/s', `${face}: frames`);
  console.log(`  95 of 100 within ${gaps[Math.floor(gaps.length * .95)].toFixed(0)} ms, longest ${gaps[gaps.length - 1].toFixed(0)} ms`);
  note(`${face}_memory`, Math.round(pss(pid)), 'MB', `${face}: memory of the process`);
  note(`${face}_main_thread`, Math.round((busyAfter.all - busyBefore.all) / seconds), 'ms/s', `${face}: main thread`);
  console.log(`  ${((busyAfter.script - busyBefore.script) / seconds).toFixed(0)} ms of them programs; processor of the page ${(100 * spent / seconds).toFixed(0)} %, heap ${heap.toFixed(0)} MB`);
}

// From the answer to a fact to its picture: one at a time, and nothing else is sent.
async function toPicture(page, city) {
  const spans = [];
  for (let i = 0; i < 20; i++) {
    const line = { device: 'S-BIG', seq: ++seq, kind: 'sample.collected', at: '2021-12-11T16:45:00+08:00', grid: city.town(i % 21), body: { tube: `V-${i}`, person: `Q-${String(200000 + i).padStart(7, '0')}` } };
    const before = Number(await page.locator('.wall').getAttribute('data-as-of'));
    await fetch(`${city.origin}/v1/facts`, { method: 'POST', headers: { authorization: `Bearer ${city.token}`, 'content-type': 'application/x-ndjson' }, body: `${JSON.stringify(line)}\n` });
    const began = performance.now();
    await page.waitForFunction((than) => Number(document.querySelector('.wall').dataset.asOf) > than, before, { polling: 'raf' });
    spans.push(performance.now() - began);
    await page.waitForTimeout(700);
  }
  note('fact_to_picture', Math.round(median(spans)), 'ms', 'fact acknowledged, seen on the wall: median');
  note('fact_to_picture_worst', Math.round(Math.max(...spans)), 'ms', 'the same, worst of 20');
}

// The wall from cold: a window that knows nothing but the session, from the address to the
// figures, and to the last picture.
async function cold(browser, page, city) {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  await context.addCookies(await page.context().cookies());
  await context.addInitScript(() => localStorage.setItem('weft-session', '1'));
  const one = await context.newPage();
  city.watch(one);
  const session = await context.newCDPSession(one), bytes = new Map();
  await session.send('Network.enable');
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const paths = new Map();
  session.on('Network.responseReceived', (event) => paths.set(event.requestId, new URL(event.response.url).pathname));
  session.on('Network.loadingFinished', (event) => { const path = paths.get(event.requestId) ?? ''; bytes.set(path, (bytes.get(path) ?? 0) + event.encodedDataLength); });
  const worked = ticks(city.server.pid);
  await one.goto(`${city.origin}/#/wall`);
  const at = async (selector) => { await one.waitForSelector(selector, { timeout: 60000 }); return one.evaluate(() => performance.now()); };
  const figures = await at('.wall .ring .hand'), pictures = await at('.curve svg path[stroke-width="1.6"]'), main = await busy(session);
  const files = [...bytes].filter(([path]) => path === '/' || path.startsWith('/app/')).reduce((sum, [, size]) => sum + size, 0);
  await context.close();
  return { figures, pictures, main: main.all, server: 1000 * (ticks(city.server.pid) - worked), files };
}

const city = new BigCity(weft, root);
let browser;
try {
  city.make();
  await city.serve();
  browser = await chromium.launch({ executablePath: process.env.WEFT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--enable-precise-memory-info'] });
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  city.watch(page);
  await page.goto(`${city.origin}/#/wall`);
  await page.fill('input[name=user]', 'hu');
  await page.fill('input[name=password]', city.password);
  await page.fill('input[name=code]', oneTimeCode(city.secrets.hu, Date.now() / 1000 + 30));
  await page.click('button[type=submit]');
  await page.waitForSelector('.wall .ring .hand', { timeout: 60000 });
  await city.cameIn(page.context());
  await page.waitForTimeout(3000);
  const net = await page.evaluate(async () => {
    const began = performance.now(), text = await (await fetch('/v1/net')).text(), one = JSON.parse(text);
    return { people: one.population.reduce((sum, row) => sum + row.present, 0), holes: one.rows.reduce((sum, row) => sum + row.count, 0), rows: one.rows.length, kB: text.length / 1024, ms: performance.now() - began };
  });
  console.log(`${net.people} people, ${net.holes} holes in ${net.rows} rows; /v1/net ${net.kB.toFixed(0)} kB in ${net.ms.toFixed(0)} ms`);
  await toPicture(page, city);
  for (const face of ['cloth', 'loom']) {
    console.log(`-- ${face}`);
    await measure(browser, page, city, face);
    if (face === 'cloth') await page.keyboard.press('l');
  }
  const opened = [];
  for (let n = 0; n < 5; n++) opened.push(await cold(browser, page, city));
  const of = (name) => Math.round(median(opened.map((one) => one[name])));
  note('cold_figures', of('figures'), 'ms', 'the wall from cold, its figures: median of 5');
  note('cold_open', of('pictures'), 'ms', 'the same, its last picture');
  note('cold_files', Math.round(opened[0].files / 1000), 'kB', 'files that came for it');
  console.log(`  main thread ${of('main')} ms, processor of the service ${of('server')} ms`);
} finally {
  await browser?.close();
  for (const one of await city.end()) {
    console.log(`not ok: ${one}`);
    process.exitCode = 1;
  }
}
