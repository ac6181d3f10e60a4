// The wall in the browser: at the sizes it hangs at, both faces, live, and quick.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

async function wallOf(at, hash = '#/wall', user = 'hu', there = '.wall .ring .hand') {
  await at.page.goto(`${at.city.origin}/#/wall`);
  await at.page.waitForSelector('main h1');
  await at.logIn(user);
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector(there);
}

// Nothing stands out of its panel to the side, text above all.
async function holdsToItsPanels(at, words) {
  const out = await at.page.evaluate(() => [...document.querySelectorAll('.panel')].flatMap((panel) => {
    const edge = panel.getBoundingClientRect();
    return [...panel.querySelectorAll('span, b, td, th, li, p, button')].filter((one) => !one.closest('dialog, .unseen, .ticker') && one.textContent.trim() !== '')
      .filter((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const box = range.getBoundingClientRect();
        return box.right > edge.right + 1.5 || box.left < edge.left - 1.5;
      }).slice(0, 1).map((one) => `${panel.className}: ${one.textContent.slice(0, 30)}`);
  }));
  at.hold(out.length === 0, `${words}: stands out to the side: ${out}`);
}

// On one screen: nothing scrolls, and nothing stands across the edge of its panel.
async function holdsOneScreen(at, words) {
  const found = await at.page.evaluate(() => {
    const root = document.documentElement, out = [];
    for (const panel of document.querySelectorAll('.panel'))
      for (const one of panel.querySelectorAll('h2, .as-of, b, td, th, li, svg, canvas'))
        if (!one.closest('dialog, .unseen') && one.getBoundingClientRect().bottom > document.querySelector('.ticker').getBoundingClientRect().top + 2) {
          out.push(`${panel.className}: ${one.tagName} ${one.textContent.slice(0, 20)}`);
          break;
        }
    return { tall: root.scrollHeight - root.clientHeight, wide: root.scrollWidth - root.clientWidth, out };
  });
  at.hold(found.tall <= 0 && found.wide <= 0, `${words}: scrolls by ${found.tall} and ${found.wide} px`);
  at.hold(found.out.length === 0, `${words}: stands out: ${found.out}`);
}

// No text of the loom lies on another, or stands out.
async function holdsLoomText(at) {
  const found = await at.page.evaluate(() => {
    const frame = document.querySelector('.loom').getBoundingClientRect(), texts = [...document.querySelectorAll('.loom text')].map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }));
    const out = texts.filter((one) => one.box.right > frame.right + 2 || one.box.left < frame.left - 2).map((one) => one.text);
    const over = texts.flatMap((a, i) => texts.slice(i + 1).filter((b) => a.box.left < b.box.right - 2 && b.box.left < a.box.right - 2 && Math.abs(a.box.top + a.box.bottom - b.box.top - b.box.bottom) < 20).map((b) => `${a.text} / ${b.text}`));
    return { count: texts.length, out, over };
  });
  at.hold(found.count > 8 && found.out.length === 0 && found.over.length === 0, `${at.look.name} loom: ${JSON.stringify(found)}`);
}

// What has no room beside a thread ends behind a word, and most of it is there.
async function holdsWholeWords(at) {
  const titles = await at.page.evaluate(async (name) => (await (await fetch('/v1/holes/kinds')).json()).rows.map((one) => one[name]), at.look.language === 'en' ? 'title_en' : 'title_zh');
  const texts = await at.page.locator('.loom .what').evaluateAll((all) => all.map((one) => [...one.childNodes].find((two) => /…|[\d,]+ /.test(two.textContent))?.textContent ?? one.textContent));
  const ends = texts.filter((one) => one.endsWith('…')).map((one) => one.slice(0, -1).replace(/^[\d,]+ /, ''));
  const broken = ends.filter((one) => !titles.some((title) => title.startsWith(one) && (at.look.language !== 'en' || /^\W/.test(title.slice(one.length)))));
  at.hold(broken.length === 0, `${at.look.name} loom: words are cut: ${broken}`);
  console.log(`loom ${at.look.name}: ${ends.length} of ${texts.length} texts are cut`);
}

// A morning that this window has seen: more holes, then fewer, and an hour in which it slept.
const seenBefore = () => {
  const now = Date.parse('2021-12-11T16:40:00+08:00') / 1000, points = [];
  for (let at = now - 5 * 3600; at < now; at += 300) {
    if (at > now - 3 * 3600 && at < now - 2 * 3600) continue;
    const open = Math.round(180 + 60 * Math.sin((at - now) / 4000)), overdue = Math.round(open / 4);
    points.push({ at, figures: { 'open ': open, 'overdue ': overdue, 'open testing': 60, 'overdue testing': 9, sampled: Math.round(1270 - (now - at) / 20), tubes: 70, 'tubes late': 12 } });
  }
  if (!sessionStorage.getItem('weft-wall-seen-2')) sessionStorage.setItem('weft-wall-seen-2', JSON.stringify({ '': points }));
};

async function saved(at, button) {
  const [file] = await Promise.all([at.page.waitForEvent('download'), at.page.locator(button).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

// Points of the picture on which somebody has drawn.
const drawnPoints = (at, canvas) => at.page.locator(canvas).evaluate((one) => {
  const { data } = one.getContext('2d').getImageData(0, 0, one.width, one.height), colours = new Set();
  let drawn = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 200) { drawn++; colours.add(`${data[i]} ${data[i + 1]} ${data[i + 2]}`); }
  return { drawn, first: [...colours].sort().slice(0, 8).join(), wide: one.width, shown: one.getBoundingClientRect().width };
});

// What the curve says of each day, by keys, is what the service says.
async function holdsCurve(at) {
  const place = at.page.locator('.curve .drawn-place');
  await at.page.waitForSelector('.curve svg path[stroke-width="1.6"], .curve svg path[stroke-width="3.2"]', { state: 'attached' });
  const known = await at.page.evaluate(async () => {
    const ask = async (path) => (await (await fetch(path)).json()).rows, found = new Map((await ask('/v1/views/cases/found?limit=5000')).map((one) => [one.case_id, one.category]));
    return (await ask('/v1/views/cases/milestones?limit=5000')).filter((one) => one.onset && found.has(one.case_id)).map((one) => one.onset.slice(0, 10));
  });
  await place.focus();
  const days = [];
  for (let i = 0; i < 21; i++) {
    await at.page.keyboard.press(i === 0 ? 'Home' : 'ArrowRight');
    const said = await at.page.locator('.curve [role=status]').innerText();
    if (said === days[days.length - 1]) break;
    days.push(said);
  }
  at.hold(days.length === 8, `eight days are said: ${days.length}`);
  for (const said of days) {
    const day = /\d{4}-\d\d-\d\d/.exec(said)[0], [all, ...of] = [...said.replace(day, '').matchAll(/\d+/g)].map((one) => Number(one[0]));
    at.hold(all === known.filter((one) => one === day).length && of.reduce((sum, one) => sum + one, 0) === all, `${said}: ${known}`);
  }
  at.hold(days.filter((one) => /还会增加|not complete/.test(one)).length === 3, 'three days are not complete');
  const text = await place.getAttribute('aria-label');
  at.hold([...new Set(known)].every((day) => text.includes(`${day.slice(5)} ${known.filter((one) => one === day).length}`)), `the curve in words: ${text}`);
  await at.page.keyboard.press('Escape');
  const tip = at.page.locator('.drawn-tip'), gone = () => at.page.waitForFunction(() => { const one = document.querySelector('.drawn-tip'); return getComputedStyle(one).display === 'none' || getComputedStyle(one).visibility === 'hidden'; });
  await gone();
  // By pointer: the words stand above, within the window; nothing fades, and they go.
  const box = await place.boundingBox(), scale = box.height / 158;
  await at.page.mouse.move(box.x + 34 * scale, box.y + box.height / 2);
  await at.page.waitForFunction((day) => document.querySelector('.drawn-tip').checkVisibility({ visibilityProperty: true }) && document.querySelector('.drawn-tip').textContent.includes(day), '2021-12-04');
  await at.page.mouse.move(box.x + box.width - 8 * scale, box.y + box.height / 2);
  await at.page.waitForFunction((day) => document.querySelector('.drawn-tip').textContent.includes(day), '2021-12-11');
  const stands = await tip.evaluate((one) => ({ text: one.innerText, right: one.getBoundingClientRect().right, left: one.getBoundingClientRect().left, bottom: one.getBoundingClientRect().bottom }));
  at.hold(/还会增加|not complete/.test(stands.text) && stands.left >= 0 && stands.right <= at.page.viewportSize().width && stands.bottom <= box.y + 2, `the words of a day: ${JSON.stringify(stands)}`);
  const marks = await at.page.locator('.curve svg path[stroke-width="1.6"], .curve svg path[stroke-width="3.2"]').count();
  // A square is as many cases as the words below say, and each day has as many as it needs.
  const each = Number(/一格 (\d+) 例|one square: (\d+)/.exec(await at.page.locator('.panel.of-curve').innerText())?.slice(1).find((one) => one));
  const needs = [...new Set(known)].reduce((sum, day) => sum + Math.ceil(known.filter((one) => one === day).length / each), 0);
  at.hold(marks === needs, `${marks} marks for ${known.length} cases, ${each} in one`);
}

export const wallSteps = [
  {
    name: 'wall',
    city: 'outbreak',
    async run(at) {
      // Of each town as much stands there as tells it from the others, on a telephone too.
      await at.page.addInitScript(() => {
        const fill = CanvasRenderingContext2D.prototype.fillText;
        globalThis.drawnTexts = [];
        CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { globalThis.drawnTexts.push(text); return fill.call(this, text, ...rest); };
      });
      const sizes = at.look.width > 800 ? [[at.look.width, at.look.height, ''], [1920, 1080, '-1920'], [3840, 2160, '-4k']] : [[at.look.width, at.look.height, '']];
      await wallOf(at);
      for (const [width, height, name] of sizes) {
        await at.page.setViewportSize({ width, height });
        await at.page.waitForTimeout(200);
        await at.see(`wall${name}`);
        const cut = await at.page.evaluate(() => globalThis.drawnTexts.filter((one) => /^\d{0,2}…$/.test(one)));
        at.hold(cut.length === 0, `${at.look.name} ${width}: codes of towns are cut: ${cut}`);
        // A step of which nothing is due, for no beginning is known, says of how many.
        const unknown = (await at.page.evaluate(async () => (await (await fetch('/v1/clock?outbreak=O-1211&limit=50')).json()).rows))
          .filter((one) => one.case_id === '' && one.step === 'reported')[0].unknown;
        at.hold(unknown > 0 && new RegExp(`(起算不明|start unknown) ${unknown}$`).test(await at.page.locator('.milestones li').nth(1).innerText()), `of ${unknown} no start is known: ${await at.page.locator('.milestones').innerText()}`);
        if (width >= 1920) await holdsOneScreen(at, `${at.look.name} ${width}`);
        if (width >= 1920) await holdsToItsPanels(at, `${at.look.name} ${width}`);
      }
      if (at.look.width < 800) {
        await at.page.goto(`${at.city.origin}/#/wall?face=loom`);
        await at.page.waitForSelector('.loom [data-row]');
        // It is drawn, and once its room is known drawn to that.
        await at.page.waitForFunction(() => document.querySelector('.loom svg').getBoundingClientRect().right <= document.querySelector('.loom').getBoundingClientRect().right + 1);
        await at.see('wall-loom');
        await holdsLoomText(at);
        return;
      }
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      // What the picture says is what the service says.
      const [shown, open] = await at.page.evaluate(async () => {
        const net = await (await fetch('/v1/net')).json();
        return [document.querySelector('.headline b').textContent, net.rows.reduce((sum, one) => sum + one.count, 0)];
      });
      at.hold(Number(shown.replace(/,/g, '')) === open && open > 50, `${shown} of ${open} holes are said`);
      // By keys alone: the loom, and back.
      await at.page.keyboard.press('l');
      await at.page.waitForSelector('.loom [data-row]');
      await at.page.waitForTimeout(200);
      await at.see('wall-loom');
      await holdsWholeWords(at);
      await holdsOneScreen(at, `${at.look.name} loom`);
      await at.page.keyboard.press('L');
      await at.page.waitForSelector('.cloth canvas');
      // Into a town by Enter, out by Escape.
      await at.page.locator('.town[data-grid="320282020"]').focus();
      await at.page.keyboard.press('Enter');
      await at.page.waitForSelector('.town[data-grid="320282020001"]');
      at.hold(at.page.url().includes('grid=320282020'), 'the town stands in the address');
      await at.see('wall-town');
      await at.page.keyboard.press('Escape');
      await at.page.waitForSelector('.town[data-grid="320282020"]');
      // A panel's list, its definition, and both as files.
      await at.page.locator('.of-groups .panel-title button').click();
      await at.page.waitForSelector('dialog[open] table td');
      await at.see('wall-list');
      const listed = await saved(at, 'dialog[open] .dialog-keys button >> nth=0');
      at.hold(listed.name === 'groups.csv', `${listed.name} is saved`);
      await at.page.keyboard.press('Escape');
      // Each panel as a picture: as large as it stands, twice as fine, with all that is drawn on it, and above it that this is a drill.
      for (const panel of await at.page.$$eval('.panel', (all) => all.map((one) => /of-(\w+)/.exec(one.className)[1]))) {
        const size = await at.page.locator(`.of-${panel}`).evaluate((one) => [(one.offsetWidth + 24) * 2, (one.offsetHeight + 24 + 22) * 2]);
        await at.page.locator(`.of-${panel} .panel-title button`).first().click();
        const picture = await saved(at, 'dialog[open] .dialog-keys button >> nth=1');
        await at.page.keyboard.press('Escape');
        writeFileSync(join(at.pictures, `panel-${panel}-${at.look.name}.png`), picture.bytes);
        const [width, height, colours] = await at.page.evaluate(async (text) => {
          const image = new Image(), canvas = document.createElement('canvas');
          image.src = `data:image/png;base64,${text}`;
          await image.decode();
          Object.assign(canvas, { width: image.width, height: image.height });
          const drawn = canvas.getContext('2d');
          drawn.drawImage(image, 0, 0);
          return [image.width, image.height, new Set(new Uint32Array(drawn.getImageData(0, 0, image.width, image.height).data.buffer)).size];
        }, picture.bytes.toString('base64'));
        at.hold(picture.name === `${panel}.png` && width === size[0] && height === size[1] && colours > 8, `${picture.name}: ${width} x ${height} for ${size}, ${colours} colours`);
      }
    },
  },
  {
    // A laboratory sees no contacts: in their place stand its tubes, those due first.
    name: 'wall-lab',
    city: 'outbreak',
    async run(at) {
      await at.page.addInitScript(seenBefore);
      await wallOf(at, '#/wall', 'jian', '.of-tubes [data-tube]');
      for (const [width, height, name] of at.look.width < 800 ? [[at.look.width, at.look.height, '']] : [[1366, 768, ''], [1920, 1080, '-1920'], [3840, 2160, '-4k']]) {
        await at.page.setViewportSize({ width, height });
        await at.page.waitForSelector('.of-tubes .u-legend');
        await at.page.waitForTimeout(300);
        await at.see(`wall-lab${name}`);
        if (width >= 1920) await holdsOneScreen(at, `${at.look.name} lab ${width}`);
        if (width >= 1920) await holdsToItsPanels(at, `${at.look.name} lab ${width}`);
      }
      const { rows } = await at.page.evaluate(async () => (await fetch('/v1/holes?kind=testing/tube_no_result&all=true&limit=500')).json());
      const tubes = await at.page.locator('.of-tubes [data-tube] th').allInnerTexts(), known = Number(await at.page.innerText('.of-tubes .key'));
      at.hold(rows.length > 10 && `${tubes}` === `${rows.slice(0, 10).map((one) => one.subject)}` && known === rows.length, `the tubes that are due first: ${tubes}; ${known} of ${rows.length}`);
      const due = rows.map((one) => Date.parse(one.due_at));
      at.hold(due.every((one, before) => before === 0 || due[before - 1] <= one) && /超|over/.test(await at.page.locator('.of-tubes [data-tube]').first().innerText()), 'what is due first does not stand first');
      at.hold(await at.page.locator('.of-contacts').count() === 0, 'a panel says that it is not for a laboratory');
      at.hold(await at.page.locator('.legend .warp, .legend .selvedge').count() === 0, 'contacts that are not told are counted as none');
    },
  },
  {
    // Whoever sees less of the wall has the room for what they see: no column stands empty,
    // and no head or line over nothing.
    name: 'wall-roles',
    city: 'outbreak',
    async run(at) {
      if (at.look.name === 'en-phone') return;
      const sizes = at.look.width < 800 ? [[at.look.width, at.look.height, '']] : [[1366, 768, ''], [1920, 1080, '-1920']];
      for (const [user, name, there] of [['ge', 'grid-worker', '.of-contacts .funnel'], ['yi', 'medic-town', '.of-clock .ring'], ['jg', 'regulator', '.of-net']]) {
        await wallOf(at, '#/wall', user, there);
        for (const [width, height, size] of sizes) {
          await at.page.setViewportSize({ width, height });
          await at.page.waitForTimeout(300);
          await at.see(`wall-${name}${size}`);
          if (width < 1920) continue;
          await holdsOneScreen(at, `${at.look.name} ${name} ${width}`);
          await holdsToItsPanels(at, `${at.look.name} ${name} ${width}`);
          const ends = await at.page.evaluate(() => ['.wall-left', '.of-net', '.wall-right'].map((one) => document.querySelector(one)).filter(Boolean)
            .map((column) => Math.max(...[...column.querySelectorAll('p, li, tr, svg, canvas')].map((one) => one.getBoundingClientRect().bottom)) / window.innerHeight));
          at.hold(ends.every((one) => one > .6) && ends.length === (user === 'jg' ? 2 : 3), `${at.look.name} ${name}: columns end at ${ends}`);
        }
        if (user === 'yi') at.hold(await at.page.locator('.milestones .head').count() === 0, 'the clock has a head over nothing');
        await at.page.context().clearCookies();
        await at.page.evaluate(() => localStorage.removeItem('weft-session'));
        await at.page.reload();
        await at.page.waitForSelector('input[name=user]');
      }
    },
  },
  {
    name: 'wall-figures',
    city: 'outbreak',
    async run(at) {
      if (at.look.width < 800) return;
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      await wallOf(at);
      await at.page.waitForSelector('.risk li');
      // The open risk is an interval by level, as the service says, with what is not in it.
      const risks = await at.page.evaluate(async () => (await (await fetch('/v1/views/tracing/open_risk?outbreak=O-1211')).json()).rows);
      const close = risks.find((one) => one.level === 'close'), said = await at.page.locator('.risk').innerText();
      at.hold(close.most > close.least && said.includes(`${close.least}`) && said.includes(`${close.most}`), `the risk of close contacts: ${said}`);
      at.hold(/不在其内|not included/.test(said) && !/%/.test(said), `hidden chains, and no percentage: ${said}`);
      // Cases in four categories, and none of them is lost.
      // (Other steps may have told of some more in this city.)
      const known = await at.page.evaluate(async () => (await (await fetch('/v1/views/cases/found?limit=5000')).json()).rows.length);
      const counts = await at.page.locator('.onset li b').allInnerTexts();
      at.hold(counts.length >= 4 && known >= 7 && counts.reduce((sum, one) => sum + Number(one), 0) === known, `cases by category: ${counts} of ${known}`);
      // Tubes: what is done, what is pending.
      const took = await at.page.evaluate(async () => (await (await fetch('/v1/views/testing/turnaround')).json()).rows);
      await at.page.waitForSelector('.took td');
      const row = await at.page.locator('.took tbody tr').nth(2).innerText();
      at.hold(took[2].pending > 0 && row.includes(String(took[2].done)) && row.includes(String(took[2].pending)), `swab to result: ${row}`);
      // Without colour, and on paper.
      const session = await at.page.context().newCDPSession(at.page);
      await session.send('Emulation.setEmulatedVisionDeficiency', { type: 'achromatopsia' });
      await at.see('wall-grey');
      await at.page.keyboard.press('l');
      await at.page.waitForSelector('.loom [data-row]');
      await at.see('wall-loom-grey');
      await session.send('Emulation.setEmulatedVisionDeficiency', { type: 'none' });
      await at.page.emulateMedia({ media: 'print' });
      await at.page.setViewportSize({ width: 1050, height: 1485 });
      await at.page.waitForTimeout(300);
      await at.see('wall-loom-print');
      await at.page.keyboard.press('L');
      await at.page.waitForSelector('.cloth canvas');
      await at.page.waitForTimeout(300);
      const chart = await at.page.locator('.curve svg').boundingBox();
      at.hold(chart.height > 80 && chart.width > 200 && chart.width < 345, `the curve on paper: ${JSON.stringify(chart)}`);
      await at.see('wall-print');
      await at.page.emulateMedia({ media: null });
    },
  },
  {
    name: 'wall-curves',
    city: 'outbreak',
    async run(at) {
      await at.page.addInitScript(seenBefore);
      for (const [width, height, name] of at.look.width < 800 ? [[at.look.width, at.look.height, '']] : [[1920, 1080, ''], [3840, 2160, '-4k']]) {
        await at.page.setViewportSize({ width, height });
        if (name === '') await wallOf(at);
        else await at.page.waitForTimeout(300);
        await holdsCurve(at);
        await at.see(`wall-curve${name}`);
        await at.page.mouse.move(0, 0);
        await at.page.waitForFunction(() => !document.querySelector('.drawn-tip').checkVisibility({ visibilityProperty: true }));
        // What this window has seen, with figures under the cursor.
        await at.page.locator('.of-groups .panel-title button').click();
        await at.page.waitForSelector('dialog[open] .u-legend');
        const drawn = await drawnPoints(at, 'dialog canvas');
        at.hold(drawn.drawn > 1000 && Math.abs(drawn.wide - drawn.shown) < 2, `a curve is drawn, point by point: ${JSON.stringify(drawn)}`);
        const now = await at.page.locator('dialog .u-value').allInnerTexts(), shown = (await at.page.locator('.headline b').allInnerTexts()).slice(0, 2);
        at.hold(now[1] === shown[0] && now[2] === shown[1], `without a cursor what is now: ${now}`);
        await at.page.locator('dialog .drawn-place').focus();
        await at.page.keyboard.press('Home');
        const first = await at.page.locator('dialog .u-value').allInnerTexts(), said = await at.page.locator('dialog [role=status]').innerText();
        at.hold(first[0] === '12-11 11:40' && said.includes(first[1]) && said.includes('11:40'), `the first that was seen: ${first}; ${said}`);
        await at.page.keyboard.press('End');
        const over = await at.page.locator('dialog .u-over').boundingBox();
        await at.page.mouse.move(over.x + 1, over.y + over.height / 2);
        await at.page.waitForTimeout(100);
        const pointed = await at.page.locator('dialog .u-value').allInnerTexts();
        at.hold(pointed.join() === first.join(), `under the pointer stands the first: ${pointed}`);
        const legend = await at.page.locator('dialog .u-legend th').nth(2).boundingBox();
        await at.page.mouse.click(legend.x + legend.width / 2, legend.y + legend.height / 2);
        at.hold(await at.page.locator('dialog .u-off.u-series').count() === 0, 'a click on a line’s name takes the line away');
        await at.page.mouse.move(over.x + 1, over.y + over.height / 2);
        await at.see(`wall-trend${name}`);
        const close = at.page.locator('dialog .dialog-keys .first');
        if (name === '') {
          const csv = await saved(at, 'dialog figcaption button >> nth=0'), png = await saved(at, 'dialog figcaption button >> nth=1');
          writeFileSync(`${at.pictures}/groups-curve-${at.look.name}.png`, png.bytes);
          const lines = csv.bytes.toString().trim().split('\r\n');
          at.hold(csv.name === 'groups-curve.csv' && lines.length > 45 && lines[1].includes('T11:40:00+08:00') && lines.filter((one) => one.endsWith(',,') && one < '2021-12-11T15').length === 1, `the curve as rows: ${lines.length}, ${lines[1]}`);
          at.hold(png.name === 'groups-curve.png' && png.bytes.subarray(1, 4).toString() === 'PNG' && png.bytes.length > 4000, `the curve as a picture: ${png.name}, ${png.bytes.length}`);
          await at.page.locator('dialog select').selectOption({ index: 1 });
          await at.page.waitForTimeout(200);
          at.hold((await drawnPoints(at, 'dialog canvas')).first !== '', 'another group has a curve of its own');
        }
        await close.click();
      }
      if (at.look.width >= 800) await at.page.setViewportSize({ width: 1920, height: 1080 });
      // Another theme is another drawing, of the canvas as well.
      const colour = () => at.page.locator('.curve svg path[stroke-width="1.6"]').first().evaluate((one) => getComputedStyle(one).stroke);
      const before = await colour();
      await at.page.locator('.of-sampling .panel-title button').click();
      await at.page.waitForSelector('dialog[open] .u-legend');
      // Samples and results by quarter of an hour, as the service knows them.
      await at.page.locator('dialog select option', { hasText: /每一刻钟|quarter/ }).waitFor({ state: 'attached' });
      await at.page.locator('dialog select').selectOption({ index: 0 });
      await at.page.waitForTimeout(200);
      const quarters = (await saved(at, 'dialog figcaption button >> nth=0')).bytes.toString().trim().split('\r\n').slice(1).map((one) => one.split(',')), last = quarters[quarters.length - 1][0];
      const [taken, resulted] = await at.page.evaluate(async (until) => {
        const { rows } = await (await fetch('/v1/views/testing/pace?limit=5000')).json(), over = rows.filter((one) => Date.parse(one.quarter) <= Date.parse(until));
        return ['samples_taken', 'samples_resulted'].map((name) => over.reduce((sum, one) => sum + one[name], 0));
      }, last);
      const sums = [1, 2].map((column) => quarters.reduce((sum, one) => sum + Number(one[column]), 0));
      at.hold(/T16:(15|30):00/.test(last), `the last quarter that is over: ${last}`);
      at.hold(taken > 500 && sums[0] === taken && sums[1] === resulted, `samples by quarter: ${sums} of ${taken}, ${resulted}`);
      await at.see('wall-sampling-list');
      const canvas = (await drawnPoints(at, 'dialog canvas')).first;
      await at.page.evaluate(() => [...document.querySelectorAll('button')].find((one) => /^(深色|浅色|Dark|Light)$/.test(one.textContent)).click());
      await at.page.waitForTimeout(200);
      at.hold(await colour() !== before && (await drawnPoints(at, 'dialog canvas')).first !== canvas, `the other theme: ${before}, ${canvas}`);
      await at.page.locator('dialog .dialog-keys .first').click();
      // The curve as a file: all that it needs is in it.
      await at.page.locator('.of-curve .panel-title button').click();
      const picture = await saved(at, 'dialog .dialog-keys button >> nth=1');
      at.hold(picture.name === 'curve.png' && picture.bytes.subarray(1, 4).toString() === 'PNG' && picture.bytes.length > 8000, `${picture.name}: ${picture.bytes.length}`);
    },
  },
  {
    name: 'wall-late-charts',
    city: 'outbreak',
    async run(at) {
      // The figures do not wait for what draws, nothing moves when it comes, and without it
      // the page says so.
      let release;
      const held = new Promise((done) => { release = done; });
      await at.page.route('**/onset_chart-*.js', async (route) => { await held; await route.continue(); });
      await wallOf(at);
      await at.page.waitForSelector('.onset li b');
      const boxes = () => at.page.evaluate(() => [...document.querySelectorAll('.panel, .onset li')].map((one) => { const box = one.getBoundingClientRect(); return [box.x, box.y, box.width, box.height].join(' '); }).join('; '));
      await at.page.waitForTimeout(500);
      const before = await boxes();
      at.hold(await at.page.locator('.curve svg').count() === 0, 'the chart is held back');
      release();
      await at.page.waitForSelector('.curve svg path[stroke-width="1.6"]');
      at.hold(await boxes() === before, 'the chart comes and nothing moves');
      at.expected.lost = true;
      await at.page.unroute('**/onset_chart-*.js');
      await at.page.route('**/onset_chart-*.js', (route) => route.abort());
      await at.page.reload();
      await at.page.waitForSelector('.curve p');
      at.hold(/列表|list/.test(await at.page.locator('.curve p').innerText()) && await at.page.locator('.onset li b').count() >= 4, 'without the chart the figures are there');
      await at.see('wall-no-chart');
    },
  },
  {
    name: 'wall-live',
    city: 'outbreak',
    once: true,
    async run(at) {
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      await wallOf(at);
      await at.page.waitForTimeout(500);
      // From a fact that was accepted to the picture of it.
      const spans = [];
      for (let i = 0; i < 5; i++) {
        const before = Number(await at.page.locator('.wall').getAttribute('data-as-of'));
        const fact = JSON.parse(at.city.after(500, 'tube.sealed', '320282001', { tube: `N-${i}`, count: 1 }));
        // The numbers of the machine's own are used by what made the users.
        at.city.send(`${JSON.stringify({ ...fact, device: 'wall', seq: i + 1 })}\n`);
        const began = performance.now();
        await at.page.waitForFunction((than) => Number(document.querySelector('.wall').dataset.asOf) > than, before, { polling: 20 });
        spans.push(Math.round(performance.now() - began));
      }
      const news = await at.page.locator('.ticker').innerText();
      at.hold(/封管/.test(news), `the ticker tells it: ${news}`);
      const drawn = Number(await at.page.locator('.cloth canvas').getAttribute('data-drawn'));
      console.log(`wall: accepted to picture ${spans.sort((a, b) => a - b).join(' ')} ms; the cloth is drawn in ${drawn} ms`);
    },
  },
];
