// Letters of 200 %, by the browser's own setting: nothing is cut off, nothing lies on
// anything else, and the page is no wider than its window.
async function large(at) {
  const session = await at.context.newCDPSession(at.page);
  await session.send('Page.enable');
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await at.page.reload();
  const size = await at.page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  at.hold(size === '32px', `letters are ${size}`);
}

// A picture of all of it; one of more than the window would set the letters back.
async function whole(at, name) {
  await at.page.setViewportSize({ width: 1366, height: 4000 });
  await at.page.waitForTimeout(300);
  await at.page.screenshot({ path: `${at.pictures}/${name}-whole-${at.look.name}.png` });
  await at.page.setViewportSize({ width: 1366, height: 768 });
}

const wide = (at) => at.look.width > 800;

export const sizeSteps = [
  {
    name: 'large-wall',
    city: 'outbreak',
    async run(at) {
      if (!wide(at)) return;
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('hu');
      await at.page.goto(`${at.city.origin}/#/wall`);
      await large(at);
      await at.page.waitForSelector('.wall .ring .hand');
      await at.page.waitForSelector('.onset svg');
      await at.page.waitForTimeout(500);
      await at.see();
      await whole(at, 'large-wall');
      const zoom = await at.page.locator('.wall').evaluate((one) => getComputedStyle(one).zoom);
      at.hold(zoom === '2', `the wall grows by ${zoom}`);
      await at.page.keyboard.press('l');
      // It is drawn, and once its room is known drawn to that.
      await at.page.waitForFunction(() => {
        const room = document.querySelector('.loom')?.getBoundingClientRect(), drawn = document.querySelector('.loom svg')?.getBoundingClientRect();
        return drawn && drawn.right <= room.right + 1 && drawn.bottom <= room.bottom + 1;
      });
      await at.see('large-loom');
      await at.page.keyboard.press('l');
      await at.page.locator('.panel-title button').first().click();
      await at.page.waitForSelector('dialog[open]');
      await at.see('large-panel');
      await at.page.keyboard.press('Escape');
      await at.page.setViewportSize({ width: 1920, height: 1080 });
      await at.page.waitForTimeout(500);
      await at.see('large-wall-1920');
      // A wall's own screen is twice as large of itself, and what its reader has set makes it larger still.
      await at.page.setViewportSize({ width: 3840, height: 2160 });
      await at.page.waitForTimeout(500);
      at.hold(await at.page.locator('.wall').evaluate((one) => getComputedStyle(one).zoom) === '4', 'the wall at 4K is not as large as its letters');
      await at.see('large-wall-4k');
    },
  },
  {
    name: 'large-list',
    city: 'outbreak',
    async run(at) {
      if (!wide(at)) return;
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await large(at);
      await at.page.goto(`${at.city.origin}/#/list/cases/cases`);
      await at.page.locator('.look input').fill('C-1');
      await at.page.locator('.look select').nth(1).selectOption('trace-contacts');
      await at.page.locator('.look button[type=submit]').click();
      await at.page.waitForSelector('.tabulator-row');
      await at.see();
      await whole(at, 'large-list');
    },
  },
  {
    name: 'large-pages',
    async run(at) {
      if (!wide(at)) return;
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await large(at);
      await at.page.goto(`${at.city.origin}/#/case?case=C-0001`);
      await at.page.locator('form select').last().selectOption('trace-contacts');
      await at.page.locator('form button[type=submit]').click();
      await at.page.waitForSelector('ol.calls li');
      await at.page.waitForSelector('table.days svg');
      await at.see('large-case');
      await whole(at, 'large-case');
      for (const name of ['', 'holes?all=true', 'tasks', 'roster', 'views', 'views/testing/tubes', 'admin/users', 'import', 'lookups']) {
        await at.page.goto(`${at.city.origin}/#/${name}`);
        await at.page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('main p[role=status].soft'));
        await at.see(`large-${name.replace(/\W+/g, '-') || 'overview'}`);
      }
    },
  },
];
