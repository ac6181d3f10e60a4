// Administration: accounts, what is shown once, the protocol, the doctor, refused rows;
// and the roster.
async function begin(at, user, hash) {
  await at.page.goto(`${at.city.origin}/`);
  await at.page.waitForSelector('main h1');
  await at.logIn(user);
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector('main h1');
}

const inputs = (at) => at.page.locator('section.look form');

export const adminSteps = [
  {
    name: 'admin-users',
    async run(at) {
      await begin(at, 'op', '#/admin/users');
      await at.page.waitForSelector('tr[data-row]');
      await at.see();
      const user = `new-${at.look.name}`;
      await at.page.locator('.pager button').first().click();
      await inputs(at).locator('input[name=user]').fill(user);
      await inputs(at).locator('select[name=role]').selectOption('sampler');
      await inputs(at).locator('input[name=grid]').fill('990101001');
      await inputs(at).locator('button[type=submit]').click();
      await at.page.waitForSelector('.once code');
      at.hold(await at.page.locator('.once code').count() === 2, 'a password and a secret of codes are shown');
      await at.see('admin-once');
      const shown = await at.page.locator('.once code').first().textContent();
      await at.page.locator('.once button').click();
      await at.page.waitForFunction((name) => [...document.querySelectorAll('tr[data-row]')].some((row) => row.textContent.includes(name)), user);
      at.hold(!(await at.page.innerText('main')).includes(shown), 'a password stays on the page');
      // Disabled with a reason, and said to be.
      const row = at.page.locator('tr[data-row]').filter({ hasText: user });
      await row.locator('button').last().click();
      await inputs(at).locator('input[name=reason]').fill('离岗');
      await inputs(at).locator('button[type=submit]').click();
      await at.page.waitForFunction((name) => [...document.querySelectorAll('tr[data-row]')].some((one) => one.textContent.includes(name) && /已停用|disabled/.test(one.textContent)), user);
    },
  },
  {
    name: 'admin-lead',
    async run(at) {
      // A lead's accounts: those of their grid, all of them here, without the tokens; made and
      // changed as far as a lead may.
      await begin(at, 'lin', '#/admin');
      await at.page.locator('nav.parts a[href*="admin/users"]').click();
      await at.page.waitForFunction(() => ['lin', 'hu', 'zhou'].every((name) => [...document.querySelectorAll('tr[data-row] td:first-child')].some((one) => one.innerText === name)));
      const acts = (name) => at.page.locator('tr[data-row]').filter({ has: at.page.locator(`td:first-child:text-is("${name}")`) }).locator('button').count();
      at.hold(await acts('hu') === 0 && await acts('op') === 0, 'a lead is offered to change whom they may not make');
      await at.see();
      await at.page.locator('.pager button').first().click();
      const roles = await at.page.locator('section.look select[name=role] option').evaluateAll((all) => all.map((one) => one.value).filter(Boolean));
      at.hold(roles.includes('investigator') && !roles.includes('commander') && !roles.includes('operator'), `a lead may make: ${roles}`);
      await at.page.keyboard.press('Escape');
      await at.page.locator('nav.parts a[href*="admin/devices"]').click();
      await at.page.waitForFunction(() => document.querySelector('nav.parts [aria-current]').href.endsWith('admin/devices') && !document.querySelector('main p[role=status].soft'));
      at.hold(await at.page.locator('th.of-token').count() === 0, 'a lead is shown tokens');
      await at.see('admin-lead-devices');
    },
  },
  {
    name: 'admin-devices',
    async run(at) {
      await begin(at, 'op', '#/admin/devices');
      await at.page.locator('.pager button').first().click();
      await inputs(at).locator('input[name=device]').fill(`S-${at.look.name}`);
      await inputs(at).locator('input[name=grid]').fill('990101001');
      await inputs(at).locator('button[type=submit]').click();
      await at.page.waitForSelector('.once code');
      await at.page.locator('.once button').click();
      await at.page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length >= 2);
      await at.see();
    },
  },
  {
    name: 'admin-care',
    async run(at) {
      await begin(at, 'op', '#/admin/doctor');
      await at.page.waitForSelector('tr[data-row]');
      await at.see('admin-doctor');
      const checks = await at.page.locator('td.of-check').allInnerTexts();
      at.hold(checks.length > 8 && checks.every((one) => (at.look.language === 'zh' ? /[\u4e00-\u9fff]/ : /^[A-Z]/).test(one)), `what was looked at is said in words: ${checks}`);
      await at.page.goto(`${at.city.origin}/#/admin/refused`);
      await at.page.waitForSelector('tr[data-row] code');
      await at.see('admin-refused');
    },
  },
  {
    name: 'admin-protocol',
    async run(at) {
      // Everybody may know by which numbers they work; nobody is shown what is not theirs.
      await begin(at, 'hu', '#/admin');
      await at.page.waitForSelector('tr[data-row]');
      at.hold(await at.page.locator('nav.parts a').count() === 1, 'a commander is offered accounts');
      if (at.look.language === 'zh') {
        // Reasons and titles of sources were English in every language.
        const cells = await at.page.evaluate(() => [...document.querySelectorAll('dl.pairs dd, tr[data-row] td')].map((one) => {
          const text = one.cloneNode(true);
          for (const name of text.querySelectorAll('.soft, code')) name.remove();
          return text.textContent;
        }));
        at.hold(cells.length > 1000, `${cells.length} cells of the protocol`);
        const english = cells.filter((text) => /[A-Za-z]{2,} [A-Za-z]{2,}/.test(text));
        at.hold(english.length === 0, `${english.length} English cells in Chinese, such as: ${english[0]}`);
      }
      await at.page.locator('.filters select').selectOption('D');
      await at.see();
    },
  },
  {
    name: 'roster',
    async run(at) {
      await begin(at, 'lin', '#/roster');
      await at.page.waitForSelector('tr[data-row]');
      await at.see();
      // As many hours as its title says, from now on, are drawn (the line says no seconds); and what is said of them is of as many.
      const round = await at.page.evaluate(() => {
        const line = document.querySelector('.round .now-line i'), share = parseFloat(line.style.left) / 100, minutes = Number(line.textContent.slice(3, 5));
        return { drawn: (60 + minutes) / share * (1 - share) / 60, said: document.querySelector('.round h2').textContent.match(/\d+/)[0], of: document.querySelector('.round .title .second').textContent.match(/\d+(?= ?(时|h))/)?.[0] };
      });
      // On paper there are both days, however narrow the screen; and then the screen's again.
      const hoursOf = () => at.page.locator('.round h2').innerText().then((text) => text.match(/\d+/)[0]), onScreen = at.look.width < 800 ? '24' : '48';
      const printed = await at.page.evaluate(() => { window.dispatchEvent(new Event('beforeprint')); return document.querySelector('.round h2').textContent.match(/\d+/)[0]; });
      at.hold(round.said === onScreen && printed === '48', `a roster of ${round.said} h is printed with ${printed} h`);
      await at.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      await at.page.waitForFunction((hours) => document.querySelector('.round h2').textContent.includes(hours), onScreen);
      await at.page.emulateMedia({ media: 'print' });
      await at.page.waitForFunction(() => document.querySelector('.round h2').textContent.includes('48'));
      await at.page.emulateMedia({ media: null });
      await at.page.waitForFunction((hours) => document.querySelector('.round h2').textContent.includes(hours), onScreen);
      // What was asked for on the screen is what is printed.
      await at.page.locator('.round .title button').first().click();
      await at.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      at.hold(await hoursOf() === '24', 'what was asked for is not what is printed');
      await at.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      at.hold(Math.abs(round.drawn - Number(round.said)) < .9 && round.of === round.said, `the hours of the roster: ${JSON.stringify(round)}`);
      const bare = at.page.locator('tr[data-row]').filter({ has: at.page.locator('.tag') }).first();
      if (await bare.count() > 0) {
        const post = await bare.locator('td').first().innerText();
        await bare.locator('.acts button').nth(1).click();
        // Everybody who can hold it is offered, also who is on no roster; no resident is.
        await at.page.waitForSelector('datalist[id="offered-post.held-user"] option[value=hu]', { state: 'attached' });
        await at.page.locator('form.tell input').first().fill('wu');
        await at.page.locator('form.tell button.first').click();
        await at.page.waitForFunction((name) => [...document.querySelectorAll('tr[data-row]')].some((row) => row.textContent.includes(name.split('\n').pop()) && row.textContent.includes('wu') && !row.querySelector('td.of-holder .tag')), post);
      }
      // What one shift tells the next is a fact, and read with a purpose.
      await at.page.locator('tr[data-row] .acts button').first().click();
      await at.page.locator('form.tell input').first().fill(`留意 T-0004 ${at.look.name}`);
      await at.page.locator('form.tell button.first').click();
      await at.page.waitForFunction(() => !document.querySelector('form.tell') && !document.querySelector('section.look h2'));
      // Whoever comes next sees that there is something to be read, of whom and of when.
      await at.page.waitForFunction(() => /lin .*\d\d:\d\d.*交接|lin left a note/.test(document.querySelector('tr[data-row] [data-told]')?.textContent ?? ''));
      await at.page.locator('.look input').last().fill('O-1');
      await at.page.locator('.look select').first().selectOption('order');
      await at.page.locator('.look select').nth(1).selectOption('carry-out-order');
      await at.page.locator('.look button[type=submit]').last().click();
      await at.page.waitForFunction((name) => document.querySelector('main').innerText.includes(`T-0004 ${name}`), at.look.name);
      // Who wrote it stands beside it, and when.
      const note = await at.page.locator('tr[data-row]').filter({ hasText: `T-0004 ${at.look.name}` }).first().innerText();
      at.hold(note.includes('lin') && /\d\d:\d\d/.test(note), `a note says who wrote it, and when: ${note}`);
      await at.see('roster-told');
    },
  },
];
