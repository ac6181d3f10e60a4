// The wall in the browser: at the sizes it hangs at, both faces, live, and quick.
async function wallOf(at, hash = '#/wall') {
  await at.page.goto(`${at.city.origin}/#/wall`);
  await at.page.waitForSelector('main h1');
  await at.logIn('hu');
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector('.wall .ring .hand');
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

export const wallSteps = [
  {
    name: 'wall',
    city: 'outbreak',
    async run(at) {
      const sizes = at.look.width > 800 ? [[at.look.width, at.look.height, ''], [1920, 1080, '-1920'], [3840, 2160, '-4k']] : [[at.look.width, at.look.height, '']];
      await wallOf(at);
      for (const [width, height, name] of sizes) {
        await at.page.setViewportSize({ width, height });
        await at.page.waitForTimeout(200);
        await at.see(`wall${name}`);
        if (width >= 1920) await holdsOneScreen(at, `${at.look.name} ${width}`);
        if (width >= 1920) await holdsToItsPanels(at, `${at.look.name} ${width}`);
      }
      if (at.look.width < 800) {
        await at.page.goto(`${at.city.origin}/#/wall?face=loom`);
        await at.page.waitForSelector('.loom [data-row]');
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
      for (const [button, name] of [[0, 'groups.csv'], [1, 'groups.svg']]) {
        const [file] = await Promise.all([at.page.waitForEvent('download'), at.page.locator('dialog[open] .dialog-keys button').nth(button).click()]);
        at.hold(file.suggestedFilename() === name, `${name} is saved`);
      }
      await at.page.keyboard.press('Escape');
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
      await at.see('wall-print');
      await at.page.emulateMedia({ media: null });
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
