// The pages in a real browser, as people see them: in both languages, wide and narrow,
// light and dark. Nothing may be wrong in the console, nothing asked that is refused,
// nothing fetched from elsewhere, and axe finds nothing. What the service answers is as it
// describes itself (answers.mjs).
//
//   node browser.mjs WEFT FOLDER-FOR-PICTURES [ONLY]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { adminSteps } from './admin.mjs';
import { Answers } from './answers.mjs';
import { barSteps } from './bar.mjs';
import { carefulSteps } from './careful.mjs';
import { City, oneTimeCode } from './city.mjs';
import { OutbreakCity } from './outbreak.mjs';
import { illegible } from './legible.mjs';
import { importSteps } from './import.mjs';
import { letterSteps } from './letter.mjs';
import { listSteps } from './list.mjs';
import { mapSteps } from './map.mjs';
import { netTests } from './net.mjs';
import { pasteTests } from './paste.mjs';
import { personSteps } from './person.mjs';
import { recordSteps } from './record.mjs';
import { sizeSteps } from './size.mjs';
import { steps } from './steps.mjs';
import { wallSteps } from './wall.mjs';
import { wideSteps } from './wide.mjs';

const [weft, pictures, only = ''] = process.argv.slice(2);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(pictures, { recursive: true });

const looks = [
  { name: 'zh', language: 'zh', theme: 'light', width: 1366, height: 768 },
  { name: 'en-dark', language: 'en', theme: 'dark', width: 1366, height: 768 },
  { name: 'zh-phone', language: 'zh', theme: 'dark', width: 390, height: 844 },
  { name: 'en-phone', language: 'en', theme: 'light', width: 390, height: 844 },
];

let checks = 0;
const failures = [];
function hold(is, words) {
  checks++;
  if (!is) failures.push(words);
}

// A window of one look, and what goes wrong in it.
async function open(browser, city, look) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height }, bypassCSP: false, colorScheme: look.theme, reducedMotion: 'reduce',
  });
  await context.addInitScript((language) => {
    if (!localStorage.getItem('weft-language')) localStorage.setItem('weft-language', language);
  }, look.language);
  city.answers.watch(context);
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const expected = { refusals: 0 };
  page.on('console', (one) => {
    if (one.type() !== 'error' && one.type() !== 'warning') return;
    // A browser without a graphics card says so of every canvas of WebGL that it shows.
    if (/GL Driver Message .*GPU stall due to ReadPixels/.test(one.text())) return;
    if (expected.refusals > 0 && /status of 4\d\d/.test(one.text())) expected.refusals--;
    else if (expected.lost && /ERR_FAILED/.test(one.text())) return;
    else failures.push(`${look.name}: the console says ${one.text()}`);
  });
  page.on('pageerror', (error) => failures.push(`${look.name}: ${error.message}`));
  city.watch(page);
  page.on('request', (one) => {
    if (!one.url().startsWith(city.origin) && !one.url().startsWith('blob:')) failures.push(`${look.name}: asks ${one.url()}`);
  });
  return { context, page, expected, look, city, hold, pictures };
}

// Through the form once for each user; a code is taken once, and a new one comes every
// half minute, so that other windows come in with the same session.
async function logIn(at, user) {
  const { page, city, context } = at, known = city.sessions.get(user);
  if (known) {
    await context.addCookies(known);
    await page.evaluate(() => localStorage.setItem('weft-session', '1'));
    await page.reload();
  } else {
    // One early is taken, and the one of when the service began is not.
    await fillIn(at, user, 1);
    city.sessions.set(user, await context.cookies());
    await city.cameIn(context);
  }
  await page.waitForSelector('.login', { state: 'detached' });
}

// `later`: the code of so many half minutes from now; one early or late is taken, and each
// once: where a quick machine comes again too soon it waits for the next.
async function codeOf(city, user, later) {
  const of = () => Math.floor(Date.now() / 30000) + later;
  while (of() <= (city.codes.get(user) ?? 0)) await new Promise((done) => { setTimeout(done, 500); });
  city.codes.set(user, of());
  return oneTimeCode(city.secrets[user], 30 * city.codes.get(user));
}

async function fillIn({ page, city }, user, later) {
  await page.fill('input[name=user]', user);
  await page.fill('input[name=password]', city.password);
  if (city.secrets[user]) await page.fill('input[name=code]', await codeOf(city, user, later));
  await page.click('button[type=submit]');
  await page.waitForSelector('.login', { state: 'detached' });
}

async function see(at, name) {
  const { page, look } = at;
  await page.waitForFunction(() => !document.querySelector('main p[role=status].soft'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  hold(wide <= 0, `${look.name} ${name}: the page is ${wide} px wider than the window`);
  const words = await page.evaluate(illegible);
  hold(words.length === 0, `${look.name} ${name}: ${words.length} words cannot be read: ${words.slice(0, 4).join('; ')}`);
  // A strict policy lets no script in; what is evaluated is not held by it.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  for (const one of found.violations)
    failures.push(`${look.name} ${name}: axe ${one.id}: ${one.nodes[0].target} (${one.nodes.length})`);
  checks++;
  await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`), fullPage: look.width < 800 });
}

// Each is made when a step needs it.
const cities = { usual: new City(weft, root), outbreak: new OutbreakCity(weft, root) }, served = new Set();
async function cityOf(step) {
  const city = cities[step.city ?? 'usual'];
  if (served.has(city)) return city;
  city.make();
  await city.serve();
  city.answers = new Answers(weft, city);
  served.add(city);
  return city;
}

await netTests(hold);
await pasteTests(hold);

let browser;
try {
  browser = await chromium.launch({ executablePath: process.env.WEFT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--enable-unsafe-swiftshader'] });
  for (const look of looks)
    for (const step of [...steps, ...adminSteps, ...barSteps, ...carefulSteps, ...importSteps, ...letterSteps, ...listSteps, ...wallSteps, ...mapSteps, ...personSteps, ...recordSteps, ...sizeSteps, ...wideSteps]) {
      if (step.once && look !== looks[0]) continue;
      if (only && !new RegExp(only).test(`${step.name}-${look.name}`)) continue;
      const at = await open(browser, await cityOf(step), look);
      try {
        await step.run({ ...at, logIn: (user) => logIn(at, user), fillIn: (user, later) => fillIn(at, user, later), see: (name = step.name) => see(at, name) });
      } catch (error) {
        failures.push(`${look.name} ${step.name}: ${error.message.split('\n').slice(0, 6).join(' ')}`);
        // A page that hangs gives no picture; the others are looked at all the same.
        await at.page.screenshot({ path: join(pictures, `failed-${step.name}-${look.name}.png`), fullPage: true }).catch(() => undefined);
      }
      await at.city.answers.settle();
      await at.context.close();
    }
  for (const city of served) failures.push(...await city.answers.hold());
} finally {
  await browser?.close();
  for (const city of Object.values(cities)) failures.push(...await city.end());
}
for (const one of failures) console.log(`not ok: ${one}`);
console.log(`${checks} checks, ${failures.length} failures`);
process.exit(failures.length === 0 ? 0 : 1);
