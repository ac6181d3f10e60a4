// The bar stays one row, and every page can be reached from it, also at 200 %.
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
];
