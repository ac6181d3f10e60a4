// The map of the wall in the browser: offered only where there are outlines, drawn without
// a request to anybody, of the same figures as the cloth, by hand and by keys.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outlinesOf } from './outlines.mjs';

const split = '320282020', lone = '320282001', without = ['320282019', '320282011'];

async function wallOf(at, hash) {
  await at.page.goto(`${at.city.origin}/#/wall`);
  await at.page.waitForSelector('main h1');
  await at.logIn('hu');
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector('.wall .ring .hand');
}

function load(at, datum) {
  const towns = Array.from({ length: 21 }, (_, i) => at.city.town(i)), file = join(at.city.work, 'towns.geojson');
  writeFileSync(file, JSON.stringify(outlinesOf(towns, { without, split })));
  return JSON.parse(at.city.run(['import', at.city.dir, 'outlines', file, '--datum', datum, '--json']).trim().split('\n').pop());
}

async function drawn(at) {
  await at.page.waitForSelector('.map > canvas[data-drawn]', { state: 'attached' });
  await at.page.waitForFunction(() => [...document.querySelectorAll('.map .town')].some((one) => one.clientWidth > 20));
  await at.page.waitForTimeout(400);
}

// Where the name of a town stands, which lies in its outline.
async function middleOf(at, grid) {
  const box = await at.page.locator(`.map .town[data-grid="${grid}"]`).boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

// Red on the canvas, where something is overdue.
const redOf = (at) => at.page.evaluate(() => {
  const canvas = document.querySelector('.map > canvas'), { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 180 && data[i + 1] < 100 && data[i + 2] < 100 && data[i + 3] > 200) red++;
  return red;
});

async function holdsOneScreen(at, words) {
  const found = await at.page.evaluate(() => {
    const root = document.documentElement, ticker = document.querySelector('.ticker').getBoundingClientRect().top;
    return { tall: root.scrollHeight - root.clientHeight, wide: root.scrollWidth - root.clientWidth, low: document.querySelector('.datum').getBoundingClientRect().bottom - ticker };
  });
  at.hold(found.tall <= 0 && found.wide <= 0 && found.low <= 2, `${words}: ${JSON.stringify(found)}`);
}

async function saysWhatTheNetSays(at) {
  const [said, net] = await at.page.evaluate(async () => {
    const figures = [...document.querySelectorAll('.map .town')].map((one) => [one.dataset.grid, Number(/(?:未补 |: )(\d+)/.exec(one.getAttribute('aria-label'))[1])]);
    const sums = {};
    for (const one of (await (await fetch('/v1/net')).json()).rows) sums[one.grid] = (sums[one.grid] ?? 0) + one.count;
    return [figures, sums];
  });
  at.hold(said.length === 19 && said.every(([grid, open]) => open === (net[grid] ?? 0)), `each piece says its holes: ${JSON.stringify(said)}`);
  const line = await at.page.locator('.without').innerText();
  at.hold(/^2 /.test(line) && await at.page.locator('.without a').count() === 2, `those without an outline are said: ${line}`);
}

// Taken away while a map is open: it stays until it is asked for again, and then there is
// none; whoever opens the address reads why. Loaded again, the key shows it at once.
async function goesAndComes(at) {
  await wallOf(at, '#/wall?face=map');
  await drawn(at);
  at.city.run(['import', at.city.dir, 'outlines', '--remove']);
  await at.page.keyboard.press('m');
  await at.page.waitForSelector('.cloth canvas');
  await at.page.keyboard.press('m');
  await at.page.waitForSelector('.no-map');
  at.hold(await at.page.locator('.map').count() === 0, 'outlines that were taken away are still shown');
  await at.page.reload();
  await at.page.waitForSelector('.no-map');
  load(at, 'wgs84');
  await at.page.keyboard.press('m');
  await at.page.waitForSelector('.no-map', { state: 'detached' });
  await at.page.keyboard.press('m');
  await drawn(at);
}

export const mapSteps = [
  {
    name: 'map-none',
    city: 'outbreak',
    once: true,
    async run(at) {
      // Until a city has outlines there is no map, whatever key or address asks for one.
      await wallOf(at, '#/wall?face=map');
      await at.page.waitForSelector('.cloth canvas');
      await at.page.waitForSelector('.no-map');
      await at.see('map-none');
      at.hold((await at.page.innerText('.no-map')).includes('没有导入轮廓'), 'who asks for a map is told why there is none');
      at.hold(await at.page.locator('.map').count() === 0 && await at.page.locator('.faces button').count() === 1, 'no map is offered without outlines');
      // The key again: to the cloth, and back to the sentence.
      await at.page.keyboard.press('m');
      await at.page.waitForSelector('.no-map', { state: 'detached' });
      await at.page.keyboard.press('m');
      await at.page.waitForSelector('.no-map');
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      await at.page.waitForTimeout(300);
      const tall = await at.page.evaluate(() => document.documentElement.scrollHeight - document.documentElement.clientHeight);
      at.hold(tall <= 0, `the wall with its sentence is ${tall} px taller than the screen`);
      await at.see('map-none-1920');
    },
  },
  {
    name: 'map',
    city: 'outbreak',
    async run(at) {
      const told = load(at, at.look.language === 'zh' ? 'gcj02' : 'wgs84');
      at.hold(told.outlines === 23 && told.places === 1, `the city has its outlines: ${JSON.stringify(told)}`);
      const asked = [];
      at.page.on('request', (one) => asked.push(one.url()));
      await wallOf(at, '#/wall');
      at.hold(!asked.some((one) => /map_face|maplibre/.test(one)), 'the map is not fetched before it is opened');
      if (at.look.width < 800) {
        await at.page.goto(`${at.city.origin}/#/wall?face=map`);
        await drawn(at);
        await at.see();
        await at.page.locator('.of-map').screenshot({ path: join(at.pictures, `map-alone-${at.look.name}.png`) });
        return;
      }
      await at.page.keyboard.press('m');
      await drawn(at);
      at.hold(at.page.url().includes('face=map'), 'the map stands in the address');
      const other = asked.filter((one) => !one.startsWith(at.city.origin));
      at.hold(other.length === 0 && asked.some((one) => one.endsWith('/v1/outlines')), `the map asks nobody else: ${other}`);
      at.hold((await at.page.locator('.datum').innerText()).includes(at.look.language === 'zh' ? 'GCJ-02' : 'WGS-84'), 'the datum is said');
      await saysWhatTheNetSays(at);
      await at.see();
      for (const [width, height, name] of [[1920, 1080, '-1920'], [3840, 2160, '-4k']]) {
        await at.page.setViewportSize({ width, height });
        await at.page.waitForTimeout(600);
        await at.see(`map${name}`);
        await holdsOneScreen(at, `${at.look.name} map ${width}`);
      }
      at.hold(await redOf(at) > 500, 'what is overdue is red');
      // A click leads into the town, where its villages have outlines of their own.
      await at.page.mouse.click(...await middleOf(at, split));
      await at.page.waitForSelector(`.map .town[data-grid="${split}001"]`, { state: 'attached' });
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      await drawn(at);
      await at.see('map-town');
      await at.page.keyboard.press('Escape');
      await at.page.waitForSelector(`.map .town[data-grid="${lone}"]`, { state: 'attached' });
      await drawn(at);
      // Where they have none the town is one piece, with all that is open in it.
      await at.page.locator(`.map .town[data-grid="${lone}"]`).focus();
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction(() => document.querySelectorAll('.map .town').length === 1);
      await drawn(at);
      const [piece, sum] = await at.page.evaluate(async (grid) => [document.querySelector('.map .town').getAttribute('aria-label'),
        (await (await fetch(`/v1/net?grid=${grid}`)).json()).rows.reduce((all, one) => all + one.count, 0)], lone);
      at.hold(new RegExp(`(未补 |: )${sum}\\D`).test(piece) && sum > 3, `the town as one piece: ${piece}, ${sum}`);
      await at.see('map-whole');
      await at.page.keyboard.press('Escape');
      await at.page.waitForFunction(() => document.querySelectorAll('.map .town').length === 19);
      // A town without an outline is entered from its line.
      await at.page.locator('.without a').first().click();
      await at.page.waitForSelector('.map-none');
      await at.see('map-nothing');
      await at.page.keyboard.press('Escape');
      await drawn(at);
      // Nearer, moved, and all of it again.
      const before = await middleOf(at, lone);
      await at.page.locator('.map-keys button').nth(0).click();
      await at.page.waitForTimeout(300);
      const near = await middleOf(at, lone);
      at.hold(Math.hypot(near[0] - before[0], near[1] - before[1]) > 20, 'nearer is nearer');
      // The edge cuts no name and no figure: each stands whole within the frame, beside the buttons.
      const outside = await at.page.evaluate(() => {
        const frame = document.querySelector('.map').getBoundingClientRect(), keys = document.querySelector('.map-keys').getBoundingClientRect();
        return [...document.querySelectorAll('.map .town')].map((one) => [one.dataset.grid, one.getBoundingClientRect()])
          .filter(([, box]) => box.left < frame.left || box.top < frame.top || box.right > frame.right || box.bottom > frame.bottom || (box.right > keys.left && box.top < keys.bottom)).map(([grid]) => grid);
      });
      at.hold(outside.length === 0, `names are cut by the edge of the map: ${outside}`);
      await at.see('map-near');
      await at.page.locator('.map-keys button').nth(2).click();
      await at.page.waitForTimeout(300);
      const again = await middleOf(at, lone);
      at.hold(Math.hypot(again[0] - before[0], again[1] - before[1]) < 2, 'all of it is as it was');
      // Its picture has the ground and the cloth; its list the figures.
      await at.page.locator('.of-map .panel-title button').click();
      await at.page.waitForSelector('dialog[open] table td');
      const [file] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('dialog[open] .dialog-keys button').nth(1).click()]);
      at.hold(file.suggestedFilename() === 'map.png', 'map.png is saved');
      await file.saveAs(join(at.pictures, `map-saved-${at.look.name}.png`));
      await at.page.keyboard.press('Escape');
      console.log(`map ${at.look.name}: drawn in ${await at.page.locator('.map > canvas').getAttribute('data-drawn')} ms`);
      await at.page.keyboard.press('M');
      await at.page.waitForSelector('.cloth canvas');
    },
  },
  {
    name: 'map-removed',
    city: 'outbreak',
    once: true,
    async run(at) {
      load(at, 'wgs84');
      await goesAndComes(at);
    },
  },
  {
    name: 'map-gone',
    city: 'outbreak',
    once: true,
    async run(at) {
      // A browser that draws no maps says so, and offers the cloth.
      load(at, 'wgs84');
      await at.page.addInitScript(() => {
        const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function context(kind, ...more) { return /webgl/.test(kind) ? null : get.call(this, kind, ...more); };
      });
      await wallOf(at, '#/wall?face=map');
      await at.page.waitForSelector('.map-none button');
      await at.see();
      await at.page.locator('.map-none button').click();
      await at.page.waitForSelector('.cloth canvas');
    },
  },
];
