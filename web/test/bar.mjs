// The frame. The bar stays one row, and every page can be reached from it, also at 200 %;
// names of areas come with the figures, or codes stand where they do not come.
export const barSteps = [
  {
    name: 'bar',
    city: 'outbreak',
    async run(at) {
      await at.page.goto(`${at.city.origin}/`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      const wide = at.look.width > 800, sizes = wide ? [[1366, 768], [1120, 768], [683, 384]] : [[390, 844], [320, 640]];
      for (const [width, height] of sizes) {
        await at.page.setViewportSize({ width, height });
        await at.page.goto(`${at.city.origin}/#/tasks`);
        await at.page.waitForSelector('.bar .more summary, .bar .links a:last-child:not(.no-room)');
        const seen = await at.page.evaluate(() => {
          const bar = document.querySelector('.bar').getBoundingClientRect(), links = [...document.querySelectorAll('.bar .links a')];
          const shown = links.filter((one) => getComputedStyle(one).visibility === 'visible');
          return { height: bar.height, links: links.length, cut: shown.filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length, wide: document.documentElement.scrollWidth - innerWidth,
            all: shown.length + document.querySelectorAll('.bar .more .sheet a').length };
        });
        at.hold(seen.all === seen.links, `at ${width} px ${seen.links - seen.all} pages cannot be reached`);
        at.hold(seen.cut === 0 && seen.wide <= 0, `at ${width} px the bar is wider than the window`);
        if (width > 1100) at.hold(seen.height < 60, `at ${width} px the bar takes ${seen.height} px`);
      }
      // By the keys: opened, left by Escape, and a page among the others is where one is.
      await at.page.locator('.bar .more summary').focus();
      await at.page.keyboard.press('Enter');
      await at.see();
      await at.page.keyboard.press('Escape');
      at.hold(await at.page.locator('.bar .more[open]').count() === 0, 'Escape does not close the other pages');
      await at.page.locator('.bar .more summary').click();
      await at.page.locator('.bar .more .sheet a').last().click();
      await at.page.waitForFunction(() => location.hash === '#/api' && document.querySelector('.bar .more summary.here'));
    },
  },
  {
    name: 'names',
    async run(at) {
      let release = () => undefined;
      const held = new Promise((done) => { release = done; }), codes = () => at.page.evaluate(() => /镇街 \d|Town \d/.exec(document.querySelector('main').innerText)?.[0] ?? '');
      await at.page.goto(`${at.city.origin}/#/wall`);
      await at.page.waitForSelector('main h1');
      await at.logIn('lin');
      await at.page.waitForSelector('.wall[data-as-of]');
      // Names that come after the figures: nothing stood in their place.
      await at.page.route('**/v1/views/register/grids?*', async (route) => { await held; await route.continue(); });
      await at.page.clock.install();
      await at.page.reload();
      await at.page.waitForSelector('.wall[data-as-of] .first li');
      at.hold(await codes() === '', `a code stands where a name will: ${await codes()}`);
      await at.page.screenshot({ path: `${at.pictures}/names-to-come-${at.look.name}.png` });
      // Names that nobody would wait for: codes, until they are there.
      await at.page.clock.runFor(2500);
      await at.page.waitForFunction(() => /镇街 \d|Town \d/.test(document.querySelector('main').innerText));
      release();
      await at.page.waitForFunction(() => document.querySelector('main').innerText.includes('白石镇'));
      await at.see();
      // In a list the code stands where it will stay.
      await at.page.unroute('**/v1/views/register/grids?*');
      await at.page.route('**/v1/views/register/grids?*', (route) => route.abort());
      at.expected.lost = true;
      await at.page.goto(`${at.city.origin}/#/holes?all=true`);
      await at.page.reload();
      await at.page.waitForFunction(() => document.querySelector('tr[data-row]') && /9901010\d\d/.test(document.querySelector('main').innerText));
      at.hold(await at.page.locator('.arrives').count() === 0, 'where no names come room is kept for them');
    },
  },
];
