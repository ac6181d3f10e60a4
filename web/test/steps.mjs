// What is done in each window. A step has the page to itself and begins before the log-in.
async function begin(at, hash = '') {
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector('main h1');
}

// A page as a sheet of A4 has it, between margins.
async function onPaper(at, look) {
  const size = at.page.viewportSize();
  await at.page.emulateMedia({ media: 'print' });
  await at.page.setViewportSize({ width: 718, height: 1016 });
  await at.page.waitForTimeout(300);
  await at.see('paper');
  await look();
  await at.page.emulateMedia({ media: null });
  await at.page.setViewportSize(size);
}

export const steps = [
  {
    name: 'first',
    async run(at) {
      const asked = [];
      at.page.on('response', (one) => asked.push([one.status(), new URL(one.url()).pathname]));
      await begin(at);
      await at.page.waitForSelector('dl.pairs dd');
      await at.see();
      at.hold(asked.every(([status]) => status < 400), `before the log-in something is refused: ${asked}`);
      at.hold(await at.page.locator('.drill').count() === 1, 'a drill says that it is one');
      // Wrong, and said in words; the user's name is still there.
      at.expected.refusals = 1;
      await at.page.fill('input[name=user]', 'lin');
      await at.page.fill('input[name=password]', 'wrong');
      await at.page.click('button[type=submit]');
      await at.page.waitForSelector('[role=alert]');
      at.hold(await at.page.inputValue('input[name=user]') === 'lin', 'what was typed is lost');
      at.hold(await at.page.inputValue('input[name=password]') === '', 'a wrong password stays');
    },
  },
  {
    name: 'overview',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.waitForSelector('tr[data-row]');
      await at.see();
    },
  },
  {
    name: 'holes',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/holes?all=true`);
      await at.page.waitForSelector('svg.strip');
      await at.page.click('main h1');
      await at.page.keyboard.press('j');
      await at.see();
      // What the city counts: the first grid's counts are those of all.
      const [due, later] = await at.page.evaluate(async () => {
        const ask = async (path) => (await (await fetch(path)).json()).rows;
        const people = new Set((await ask('/v1/holes/kinds')).filter((one) => one.personal).map((one) => one.kind));
        const counts = await ask('/v1/counts');
        const all = counts.filter((one) => one.grid === counts[0].grid && !people.has(one.kind));
        return ['due', 'not_yet'].map((name) => all.reduce((sum, one) => sum + one[name], 0));
      });
      const listed = await at.page.locator('tr[data-row]').count(), shown = await at.page.innerText('main');
      at.hold(due > 0 && listed === Math.min(100, due + later), `of ${due} + ${later} holes that are no person’s ${listed} stand on the page`);
      at.hold(shown.includes(String(due)), `the page says that ${due} are overdue`);
      // The kinds above the list say all that is open, those of people too.
      const [open, counted] = await at.page.evaluate(async () => {
        const counts = (await (await fetch('/v1/counts')).json()).rows;
        const kinds = [...document.querySelectorAll('.kinds .whole')].map((one) => Number(one.textContent.split('/')[1].replace(/,/g, '')));
        return [kinds, counts.filter((one) => one.grid === counts[0].grid).map((one) => one.due + one.not_yet)].map((all) => all.reduce((sum, one) => sum + one, 0));
      });
      at.hold(counted > due + later && open === counted, `of ${counted} holes the kinds say ${open}`);
      // Where none is listed but some are open nobody reads that there are none.
      await at.page.route('**/v1/holes?*', (route) => route.fulfill({ json: { rows: [], not_asked: 0, as_of: { position: 1, at: null }, complete: true } }));
      await at.page.goto(`${at.city.origin}/#/holes`);
      await at.page.waitForFunction(() => !document.querySelector('tr[data-row]') && /没有|No holes|Nothing to list/.test(document.querySelector('main').innerText));
      const said = await at.page.innerText('main');
      at.hold(!/没有漏洞|No holes/.test(said) && /没有要列的|Nothing to list/.test(said), `nothing is listed, ${counted} are open, and it says: ${said}`);
      await at.page.unroute('**/v1/holes?*');
      await at.page.goto(`${at.city.origin}/#/holes?all=true`);
      await at.page.waitForSelector('svg.strip');
      // On and back, however many there are: no hole stands on two pages.
      if (due + later > 100) {
        const on = () => at.page.$$eval('tr[data-row]', (rows) => rows.map((one) => one.innerText));
        const first = await on(), before = at.page.url();
        await at.page.locator('.pager button').last().click();
        await at.page.waitForFunction((one) => document.querySelector('tr[data-row]') && document.querySelector('tr[data-row]').innerText !== one, first[0]);
        const second = await on(), pager = await at.page.innerText('.pager:not(.look)');
        at.hold(pager.includes('101') && pager.includes(String(due + later)), `the second page says where it is: ${pager}`);
        at.hold(second.length === Math.min(100, due + later - 100) && at.page.url() === before, 'the second page has the next holes');
        await at.page.locator('.pager button:not([disabled])').first().click();
        await at.page.waitForFunction((one) => document.querySelector('tr[data-row]')?.innerText === one, first[0]);
      }
      // The filters stand in the address, and work from it.
      await at.page.locator('.filters input[name=grid]').fill('990101002');
      await at.page.locator('.filters button[type=submit]').click();
      await at.page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length === 6);
      at.hold(at.page.url().includes('grid=990101002'), 'the filter is in the address');
      // Kinds of people's, with a reference and a purpose.
      await at.page.locator('.look input').fill('O-1');
      await at.page.locator('.look select').first().selectOption('order');
      await at.page.locator('.look select').nth(1).selectOption('carry-out-order');
      await at.page.locator('.look button[type=submit]').click();
      await at.page.waitForFunction(() => document.body.innerText.includes('P-X2'));
      await at.see('holes-people');
      const [file] = await Promise.all([at.page.waitForEvent('download'),
        at.page.getByRole('button', { name: /CSV/ }).click()]);
      at.hold(file.suggestedFilename() === 'holes.csv', 'the list is saved');
    },
  },
  {
    name: 'nobodys-tube',
    async run(at) {
      // What a hole is about leads to the page about it: a tube that is nobody's, too.
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/holes?kind=testing/tube_no_post&all=true`);
      await at.page.locator('tr[data-row] a', { hasText: 'T-9100' }).first().click();
      await at.page.waitForFunction(() => location.hash.includes('views/testing/tubes') && location.hash.includes('tube_id=T-9100'));
      await at.page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length === 1 && document.querySelector('tr[data-row]').innerText.includes('T-9100'));
      await at.see();
    },
  },
  {
    name: 'not-yours',
    async run(at) {
      await begin(at);
      await at.logIn('hu');
      await at.page.goto(`${at.city.origin}/#/holes`);
      await at.page.waitForFunction(() => /指挥长|commander/.test(document.querySelector('main').innerText));
      at.hold(!await at.page.locator('main table').count(), 'a page that is not theirs has rows');
      await at.see();
    },
  },
  {
    name: 'tasks',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/tasks`);
      await at.page.waitForSelector('svg.strip');
      await at.see();
      const shown = await at.page.innerText('main');
      at.hold(shown.includes('▲') && shown.includes('↩') && shown.includes('○') && shown.includes('wu'), 'each state has its sign, and each post its holder');
      at.hold(await at.page.getByRole('button', { name: /^(完成|Done)$/ }).count() === 0, 'somebody may tick a task off');
      // Above the list: how many, how many of them overdue, and of which kinds; as the service has them.
      const all = await at.page.evaluate(async () => (await (await fetch('/v1/views/command/tasks?limit=5000')).json()).rows);
      const open = all.filter((one) => one.state !== 'closed'), late = open.filter((one) => one.state === 'overdue');
      const said = async () => (await at.page.innerText('main .figures')).replace(/(\d),(\d)/g, '$1$2').match(/\d+/g).map(Number);
      at.hold(late.length > 0 && all.length > open.length && `${await said()}` === `${[open.length, late.length, all.length - open.length]}`, `of ${open.length} tasks ${late.length} are overdue: ${await at.page.innerText('main .figures')}`);
      const kinds = await at.page.locator('.kinds .whole').allInnerTexts(), sums = kinds.map((one) => one.match(/\d+/g).map(Number));
      at.hold(sums.length === new Set(open.map((one) => one.hole)).size && [late.length, open.length].every((sum, at2) => sums.reduce((so, one) => so + one[at2], 0) === sum), `the kinds say ${kinds}`);
      await onPaper(at, async () => {
        const seen = await at.page.evaluate(() => ({
          bar: document.querySelector('.bar').innerText,
          rows: [...document.querySelectorAll('tr[data-row]')].map((row) => row.getBoundingClientRect().height),
          folds: getComputedStyle(document.querySelector('table.folds thead')).display,
          kinds: document.querySelector('.kinds button').innerText,
          answers: [...document.querySelectorAll('.of-answer')].filter((one) => one.offsetParent).length,
        }));
        at.hold(seen.folds === 'table-header-group' && seen.answers === 0, `on paper the table is none, or has what is pressed: ${JSON.stringify(seen)}`);
        at.hold(/\d{4}-\d\d-\d\d \d\d:\d\d/.test(seen.bar) && seen.bar.includes('lin') && !/实时|live/.test(seen.bar), `a sheet says of which day it is, and whose: ${seen.bar}`);
        at.hold(/\d/.test(seen.kinds), 'the counts of kinds are missing on paper');
      });
      await at.page.locator('.kinds button').first().click();
      await at.page.waitForFunction(() => /hole=/.test(location.hash) && document.querySelector('.kinds button[aria-pressed=true]') && document.querySelector('tr[data-row]'));
      const hole = new URLSearchParams(at.page.url().split('?')[1]).get('hole'), of = open.filter((one) => one.hole === hole);
      await at.page.waitForFunction((count) => document.querySelectorAll('tr[data-row]').length === count, Math.min(100, all.filter((one) => one.hole === hole).length));
      at.hold((await said())[0] === of.length && await at.page.locator('.kinds button').count() === sums.length, `one kind of tasks: ${await said()}, ${of.length}`);
      await at.page.goto(`${at.city.origin}/#/tasks`);
      // All holes of a kind at once; again, and none is made.
      // Each to its own post, without a grid: whose they would be, and which have none, is
      // said before; what is taken is what the list shows.
      const taken = async (path) => at.page.evaluate(async (from) => (await fetch(from)).json(), path);
      const numbers = async (of) => ((await at.page.innerText(of)).replace(/(\d),(\d)/g, '$1$2').match(/\d+/g) ?? []).map(Number);
      const listed = async (all) => (await taken(`/v1/holes?kind=testing/tube_no_result&limit=5000${all ? '&all=true' : ''}`)).rows;
      await at.page.goto(`${at.city.origin}/#/holes?kind=testing/tube_no_result&all=true`);
      await at.page.waitForSelector('.make-tasks .figures button');
      const rows = await listed(true), had = rows.filter((one) => one.task).length, offer = await taken('/v1/tasks/proposed?holes=testing/tube_no_result&all=true');
      if (had < rows.length && offer.rows.some((one) => !one.why)) {
        at.hold(had > 0 && offer.listed === rows.length && offer.had === had && offer.nobody > 0, `of ${rows.length} holes ${had} have a task: ${JSON.stringify(offer)}`);
        at.hold(`${await numbers('.make-tasks')}` === `${[rows.length - had - offer.nobody, had, offer.nobody]}`, `the button says what it takes and leaves: ${await at.page.innerText('.make-tasks')}`);
        const mark = at.page.locator('.of-owner .task-mark a').first();
        at.hold(/#\/tasks\?task=K-/.test(await mark.getAttribute('href')), 'a hole says which task it has');
        await at.page.locator('.make-tasks button').first().click();
        await at.page.waitForSelector('.make-tasks form tr[data-row]');
        const shares = await at.page.locator('.make-tasks form tr[data-row]').allInnerTexts();
        at.hold(shares.length === offer.rows.length && shares.some((one) => one.includes('testing@990101')) && shares.some((one) => /排班表|no roster/.test(one)), `whose they would be: ${shares}`);
        await at.see('offer');
        await at.page.locator('.make-tasks form button[type=submit]').click();
        await at.page.waitForSelector('.make-tasks .note');
        const made = await numbers('.make-tasks .note');
        at.hold(made[0] === rows.length - had - offer.nobody && made[1] === had && made[2] === offer.nobody, `made, had, without a post: ${made}`);
        at.hold((await listed(true)).filter((one) => one.task).length === had + made[0], 'what was taken is what was shown');
      }
      // What is left is given to one post; then all have one, and nothing is to be pressed.
      await at.page.waitForSelector('.make-tasks .figures button');
      if (await at.page.locator('.make-tasks .figures button:not([disabled])').count() > 0) {
        await at.page.locator('.make-tasks .figures button').click();
        await at.page.locator('.make-tasks input[name=post]').fill('testing@990102');
        await at.page.locator('.make-tasks form button[type=submit]:not([disabled])').click();
      }
      await at.page.waitForFunction(() => document.querySelector('.make-tasks .figures button[disabled]'), null, { timeout: 15000 });
      at.hold((await listed(true)).every((one) => one.task), 'a hole is left without a task');
      await at.see('made');
      await at.page.locator('.of-owner .task-mark a').first().click();
      await at.page.waitForFunction(() => location.hash.includes('task=') && document.querySelectorAll('tr[data-row]').length === 1);
      await at.page.goto(`${at.city.origin}/#/tasks?owner=testing@990102`);
      // Not the one row of the page before: of more than one task, all of this post.
      await at.page.waitForFunction(() => {
        const rows = [...document.querySelectorAll('tr[data-row]')];
        return rows.length > 1 && rows.every((row) => row.innerText.includes('990102'));
      });
      const open1 = at.page.locator('tr[data-row]').filter({ has: at.page.locator('td.of-state', { hasText: '◐' }) }).first();
      const id = (await open1.locator('td.of-hole').innerText()).trim().split(/\s+/).pop(), first = at.page.locator('tr[data-row]').filter({ hasText: id }).first();
      await first.locator('td.of-answer button').first().click();
      await first.locator('td.of-state', { hasText: '●' }).waitFor();
      // To give one back is to choose a reason and to say so: choosing alone, and walking
      // through the reasons by keys, sends nothing; what was typed stays.
      const sent = [];
      at.page.on('request', (one) => { if (one.method() === 'POST' && one.url().includes('/v1/tasks/')) sent.push(one.postData()); });
      await first.locator('td.of-answer button').last().click();
      await first.locator('form select').focus();
      for (let i = 0; i < 3; i++) await at.page.keyboard.press('ArrowDown');
      await first.locator('form input').fill('采样点已撤');
      await at.see('tasks-return');
      at.hold(sent.length === 0 && await first.locator('form select').inputValue() === 'not_possible', `sent by choosing: ${sent}`);
      await at.page.goto(`${at.city.origin}/#/holes`);
      await at.page.waitForSelector('tr[data-row]');
      await at.page.goto(`${at.city.origin}/#/tasks?owner=testing@990102`);
      const again = at.page.locator('tr[data-row]').filter({ hasText: id }).first();
      await again.locator('form input').waitFor();
      at.hold(await again.locator('form input').inputValue() === '采样点已撤' && await again.locator('form select').inputValue() === 'not_possible', 'what was typed to return a task is lost');
      if (at.look.name !== 'zh') return;
      await again.locator('form button[type=submit]').focus();
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction(() => !document.querySelector('td.of-answer form'));
      at.hold(sent.length === 1 && JSON.parse(sent[0]).reason === 'not_possible' && JSON.parse(sent[0]).remark === '采样点已撤', `what was sent: ${sent}`);
      // It is not lost there: whoever gives tasks gives it to another post.
      await again.locator('td.of-state', { hasText: '↩' }).waitFor();
      await again.locator('td.of-answer button').last().click();
      await again.locator('.give-again input[name=post]').fill('testing@990101');
      await at.see('tasks-again');
      await again.locator('.give-again button[type=submit]').click();
      await at.page.waitForFunction((one) => ![...document.querySelectorAll('tr[data-row]')].some((row) => row.innerText.includes(one)), id);
      // Watched to its close: a fact of another desk closes it while nobody touches the page,
      // and when that fact is withdrawn it is open again.
      await at.page.goto(`${at.city.origin}/#/tasks?owner=testing@990101`);
      const watched = at.page.locator('tr[data-row]').filter({ hasText: id }).first(), fact = ['--device', 'L-1', '--seq', '1'];
      await watched.locator('td.of-state', { hasText: '◐' }).waitFor();
      at.city.run(['fact', at.city.dir, 'tube.resulted', `tube=${id}`, 'result=negative', ...fact]);
      await watched.locator('td.of-state', { hasText: '○' }).waitFor();
      at.hold(/L-1|出结果|resulted|结果/.test(await watched.locator('td.of-closes').innerText()), `what closed it: ${await watched.innerText()}`);
      at.city.run(['fact', at.city.dir, 'fact.withdrawn', 'device=L-1', 'seq=1', 'reason=mistyped']);
      await watched.locator('td.of-state', { hasText: '◐' }).waitFor();
    },
  },
  {
    name: 'views',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/views`);
      await at.page.waitForSelector('ul.plain li');
      await at.see();
      await at.page.goto(`${at.city.origin}/#/views/testing/tubes?site=M-1`);
      await at.page.waitForSelector('tr[data-row]');
      await at.see('tubes');
      // One of people: nothing before the purpose, then pages by their tokens.
      await at.page.goto(`${at.city.origin}/#/views/register/persons`);
      await at.page.waitForSelector('.look input');
      await at.page.locator('.look input').fill('O-1');
      await at.page.locator('.look select').first().selectOption('order');
      await at.page.locator('.look select').nth(1).selectOption('carry-out-order');
      await at.page.locator('.look button[type=submit]').click();
      await at.page.getByText('P-0000001', { exact: true }).first().waitFor();
      await at.page.locator('.pager button').last().click();
      await at.page.getByText('P-0000051', { exact: true }).first().waitFor();
      await at.page.locator('.filters input[name=person]').fill('P-0000007');
      await at.page.locator('.filters button[type=submit]').click();
      await at.page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length === 1);
      at.hold(!at.page.url().includes('P-0000007'), 'an id of a person stands in the address');
      await at.see('persons');
    },
  },
  {
    name: 'lookups',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/lookups`);
      await at.page.locator('form input').first().fill('C-0001');
      await at.page.locator('form select').last().selectOption('trace-contacts');
      await at.page.locator('form button[type=submit]').click();
      await at.page.waitForSelector('tr[data-row]');
      await at.see();
    },
  },
  {
    name: 'case',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      // From the list of those there are, which names nobody.
      await at.page.goto(`${at.city.origin}/#/case`);
      await at.page.locator('tr[data-row] a').filter({ hasText: 'C-0001' }).click();
      await at.page.waitForFunction(() => location.hash.includes('case=C-0001'));
      await at.page.locator('form select').last().selectOption('trace-contacts');
      await at.page.locator('form button[type=submit]').click();
      await at.page.waitForSelector('ol.calls li');
      await at.page.waitForSelector('table.days svg');
      // The case was isolated on the 8th: from then on it infects nobody.
      const bound = await at.page.locator('table.days tr.infectious th .strong').allInnerTexts();
      at.hold(bound.length > 0 && bound.at(-1) === '12-08', `the infectious window ends with isolation: ${bound}`);
      at.hold(!/P-\d/.test(at.page.url()), 'an id of a person stands in the address');
      await at.see();
      // Each row of the list is in one of the states, and who is to be judged is among them.
      const counts = await at.page.locator('.of-calls .figures [data-state] .strong').allInnerTexts(), figures = await at.page.locator('.of-calls .figures').innerText();
      const listed = Number(/(?:of|共) ([\d,]+)/.exec(figures)[1].replace(/,/g, ''));
      const summed = counts.reduce((all, one) => all + Number(one.replace(/,/g, '')), 0);
      at.hold(summed === listed && figures.includes(at.look.name.startsWith('en') ? `add up to ${listed}` : `相加 ${listed} 人`) && await at.page.locator('.figures [data-state=named]').count() === 1, `${counts} are not ${listed}: ${figures}`);
      // On a telephone the strongest reason stands there and the others open; nothing is lost.
      const more = at.page.locator('ol.calls details.more-reasons');
      at.hold((await more.count() > 0) === (at.look.width < 800), `${await more.count()} rows have folded reasons`);
      if (at.look.width < 800) {
        const others = more.first().locator('p'), said = Number(/\d+/.exec(await more.first().locator('summary').innerText())[0]);
        at.hold(!await others.isVisible() && await at.page.locator('ol.calls li p.second').first().isVisible(), 'all reasons stand open');
        await more.first().locator('summary').focus();
        await at.page.keyboard.press('Enter');
        await others.waitFor();
        at.hold(await others.locator('span').count() === said && said > 0, `of ${said} more reasons ${await others.locator('span').count()} are there`);
        await at.see('case-reasons');
        await more.first().locator('summary').click();
      }
      // Told in their own words: read, asked about, and not recorded by itself.
      await at.page.fill('textarea', '12月9日上午10点左右在万石菜市场,停留约20分钟。9/12 3点 at the bank');
      await at.page.locator('textarea').evaluate((one) => one.form.requestSubmit());
      await at.page.locator('.look input[type=datetime-local]').first().waitFor();
      at.hold(await at.page.locator('.look input[type=datetime-local]').first().inputValue() === '2021-12-09T10:00', 'the stay is offered as it was told');
      const began = at.page.locator('.look input[type=datetime-local]');
      at.hold(await began.nth(2).inputValue() === '', 'what is not clear is not guessed');
      // Each way to read it is a button, written out, and is pressed by keys; of that stay alone.
      const days = at.page.locator('.look .readings').nth(0).locator('button'), halves = at.page.locator('.look .readings').nth(1).locator('button');
      const english = at.look.name.startsWith('en'), written = [...await days.allInnerTexts(), ...await halves.allInnerTexts()].join('|');
      at.hold(written === (english ? 'Sunday 12 September 2021|Thursday 9 December 2021|03:00 in the night|15:00 in the afternoon' : '9月12日 周日（2021 年）|12月9日 周四（2021 年）|凌晨 03:00|下午 15:00'), `the readings are ${written}`);
      await days.nth(1).focus();
      await at.page.keyboard.press('Enter');
      at.hold(await began.nth(2).inputValue() === '' && await days.nth(1).getAttribute('aria-pressed') === 'true', 'half an answer is filled in');
      await at.page.keyboard.press('Tab');
      await at.page.keyboard.press('Tab');
      await at.page.keyboard.press('Space');
      await at.page.waitForFunction(() => document.querySelectorAll('.look input[type=datetime-local]')[2].value === '2021-12-09T15:00');
      at.hold(await began.nth(0).inputValue() === '2021-12-09T10:00', 'an answer is used for another stay');
      await at.see('case-readings');
      await days.nth(0).click();
      await at.page.waitForFunction(() => document.querySelectorAll('.look input[type=datetime-local]')[2].value === '2021-09-12T15:00');
      // A place is found by its name and picked by keys, and stands there by name with its grid.
      const placed = at.page.locator('.look form .named').first(), place = placed.locator('input');
      await place.fill('演练市场');
      await placed.locator('li').first().waitFor();
      await place.press('ArrowDown');
      await at.see('case-named');
      await place.press('Enter');
      at.hold(await place.inputValue() === 'MK-0000000' && (await placed.locator('[role=status]').innerText()).includes('演练市场'), `a place is picked by name: ${await placed.innerText()}`);
      // A judgement that names the case is warned of; what the network loses stays.
      const first = at.page.locator('ol.calls li').first();
      await first.locator('.acts button').first().click();
      await first.locator('form input').first().fill('met C-0001');
      await first.locator('form .wrong').waitFor();
      await at.see('case-tell');
      if (at.look.name !== 'zh') return;
      await first.locator('form input').first().fill('同住');
      const outbreak = first.locator('form label input').nth(1);
      if (await outbreak.count() > 0) await outbreak.fill('OB-1');
      await at.page.route('**/v1/facts?*', (route) => route.abort());
      at.expected.lost = true;
      await first.locator('form button[type=submit]').click();
      await at.page.locator('.look [role=alert]').waitFor();
      at.hold((await at.page.innerText('.look')).includes('同住'), 'what was typed is lost with the network');
      await at.page.unroute('**/v1/facts?*');
      await at.page.locator('.look .pager button').first().click();
      await at.page.waitForFunction(() => document.querySelector('ol.calls li')?.textContent.includes('已判定'));
      // A stay that is confirmed stands among what was said.
      const offer = at.page.locator('.look form').first();
      await offer.locator('input').first().fill('M-1');
      // Whose word it is stays with it.
      await offer.locator('select').last().selectOption('spouse');
      await offer.locator('button[type=submit]').click();
      // A place that nobody registered is asked about, and put right where it is asked.
      await at.page.locator('[data-warned]').waitFor();
      const unknown = await at.page.innerText('[data-warned]');
      at.hold(/场所编号.*还没有登记过这个编号的场所|no place of this id is registered/.test(unknown), `an unknown place is asked about: ${unknown}`);
      await at.see('case-unknown-place');
      await at.page.locator('.untaken [data-mend] input').fill('MK-0000000');
      await at.page.locator('.untaken [data-mend] button').click();
      await at.page.locator('table.days .said').first().waitFor({ state: 'attached' });
      const whose = await at.page.locator('table.days .said title').allTextContents();
      at.hold(whose.some((one) => one.includes('口述（配偶）')), `a stay says whose word it is: ${whose}`);
      at.hold(await at.page.locator('.look [role=alert]').count() === 0, 'a stay that was told is refused');
      await at.see('case-told');
      // A date that can only be right with day and month swapped is asked about, by its
      // field and with the other date, and recorded only when somebody says so.
      const doubtful = at.page.locator('.look form').first();
      await doubtful.locator('input').first().fill('MK-0000000');
      await doubtful.locator('input[type=datetime-local]').first().fill('2021-10-12T15:00');
      await doubtful.locator('button[type=submit]').click();
      await at.page.locator('[data-warned]').waitFor();
      const asked = await at.page.innerText('[data-warned]');
      at.hold(asked.includes('到达') && asked.includes('2021-10-12') && asked.includes('2021-12-10'), `a doubtful date is asked about: ${asked}`);
      at.hold(!/instead_of/.test(asked) && /改后再发|put it right/.test(asked), `what to do about a doubtful date names what no form has: ${asked}`);
      await at.see('case-doubt');
      // It is put right where it is asked about; then it is like any other.
      const mended = at.page.locator('.untaken [data-mend]');
      at.hold(await mended.locator('input').inputValue() === '2021-10-12T15:00', 'what is doubted is not there to be put right');
      await mended.locator('input').fill('2021-10-12T16:00');
      await mended.locator('button').click();
      await at.page.waitForFunction(() => document.querySelector('.untaken [data-mend] input')?.value === '2021-10-12T16:00');
      await mended.locator('input').fill('2021-12-10T15:00');
      await mended.locator('button').click();
      await at.page.waitForFunction(() => !document.querySelector('.untaken'));
      const stays = await at.page.evaluate(async () => (await (await fetch('/v1/stays?case=C-0001', { headers: { 'Weft-Purpose': 'ref=case:C-0001; purpose=trace-contacts' } })).json()).rows.filter((one) => one.stated));
      at.hold(stays.some((one) => one.start.startsWith('2021-12-10T15:00')) && !stays.some((one) => one.start.startsWith('2021-10')), `what was put right is not what is known: ${JSON.stringify(stays)}`);
      // Who was reached stays where they were, to be judged, until the list is gone through.
      const second = at.page.locator('ol.calls > li').nth(1), whom = await second.locator('p .soft').first().innerText(), before = await second.innerText();
      await second.locator('.acts button').filter({ hasText: '已联系上' }).click();
      await second.locator('form.tell button[type=submit]').click();
      await at.page.waitForFunction((was) => document.querySelector('ol.calls > li:nth-child(2) .key')?.textContent === '–' && document.querySelector('ol.calls > li:nth-child(2)').innerText !== was, before);
      at.hold((await second.innerText()).includes(whom) && (await second.locator('.acts').innerText()).includes('判定') && (await second.innerText()).includes('系统提示 · 已联系上'), `who was reached is not where they can be judged: ${await second.innerText()}`);
      await at.see('case-reached-stays');
      // What somebody went through is kept by the service: another window is told the same.
      await at.page.getByRole('button', { name: /行已过目/ }).click();
      await at.page.getByText('最近一次过目').waitFor();
      at.hold(await at.page.locator('.of-calls [role=alert]').count() === 0, 'a row that was gone through is refused');
      await at.see('case-reviewed');
      await at.page.reload();
      await at.page.locator('form select').last().selectOption('trace-contacts');
      await at.page.locator('form button[type=submit]').click();
      await at.page.getByText('最近一次过目').waitFor();
      at.hold(await at.page.locator('ol.calls .moved').count() === 0, 'what did not change is marked as changed');
    },
  },
  {
    name: 'me',
    async run(at) {
      await begin(at);
      await at.logIn('zhou');
      await at.page.goto(`${at.city.origin}/#/me`);
      await at.page.getByText('T-9001').first().waitFor();
      await at.see();
    },
  },
  {
    name: 'session',
    once: true,
    async run(at) {
      await begin(at);
      await at.fillIn('hu', 1);
      await at.page.waitForSelector('tr[data-row]');
      await at.page.click('button[lang=en]');
      await at.page.getByRole('heading', { name: 'Holes (what is missing)' }).waitFor();
      await at.page.reload();
      await at.page.waitForSelector('tr[data-row]');
      await at.page.getByRole('button', { name: 'Log out' }).click();
      await at.page.waitForSelector('input[name=password]');
      at.hold((await at.context.cookies()).length === 0, 'a session stays after the log-out');
      // By keys alone: to the API and its filter.
      await at.page.locator('main').focus();
      await at.page.keyboard.press('2');
      await at.page.waitForSelector('details');
      await at.page.keyboard.press('/');
      at.hold(await at.page.evaluate(() => document.activeElement?.matches('[data-filter]')), '/ leads to the filters');
    },
  },
  {
    name: 'api',
    async run(at) {
      await begin(at, '#/api');
      await at.page.waitForSelector('details');
      await at.page.fill('input[type=search]', 'contacts');
      await at.page.locator('summary').first().click();
      await at.see();
    },
  },
];
