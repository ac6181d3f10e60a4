// What somebody in a hurry would take wrongly: a case that was found to be none after its
// contacts were called, a filter that leaves nothing, a sheet that shows less than there is.
async function to(at, hash, ready) {
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector(ready);
}

async function askFor(at, id, ready) {
  await to(at, `#/case?case=${id}`, 'form button[type=submit]');
  await at.page.locator('form select').last().selectOption('trace-contacts');
  await at.page.locator('form button[type=submit]').click();
  await at.page.waitForSelector(ready);
}

// Once for a city, whichever look comes first.
function sayOnce(at, name, facts) {
  at.city.careful ??= new Map();
  if (at.city.careful.has(name)) return;
  at.city.careful.set(name, true);
  at.city.send(`${facts.map(([kind, body], of) => JSON.stringify({ device: `careful/${name}`, seq: of + 1, kind, at: '2021-12-13T00:05:00+08:00', grid: '990101001', body })).join('\n')}\n`);
}

const none = 'C-0044', confirmed = { case: none, person: 'P-0000123', outbreak: 'OB-44', level: 'close', judgement: '同桌' };

export const carefulSteps = [
  {
    // Discarded after tracing: whoever was called owes nothing, and no page says otherwise.
    name: 'none',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      if (!at.city.careful?.has('none')) {
        // A list that stands open while somebody else finds that the case is none.
        sayOnce(at, 'traced', [['contact.confirmed', confirmed], ['contact.reached', { person: confirmed.person, outbreak: 'OB-44', how: 'phone' }]]);
        await askFor(at, none, 'ol.calls li');
        sayOnce(at, 'none', [['case.classified', { case: none, outbreak: 'OB-44', classification: 'not_a_case' }]]);
        await at.page.locator('.of-calls [data-none]').waitFor();
        await at.see('none-open');
        await at.page.reload();
      }
      at.expected.refusals = 1;
      await askFor(at, none, 'main [data-none]');
      at.hold(await at.page.locator('ol.calls').count() === 0, 'the list of a case that is none is opened');
      const said = await at.page.innerText('main [data-none]');
      at.hold(/不欠任何措施/.test(said) || /owes nothing/.test(said), `of a case that is none it is said: ${said}`);
      await at.page.waitForFunction(() => !document.querySelector('main [role=alert]'));
      await at.see();
      // Nor is its contact one, on their own page.
      await to(at, '#/person', 'main h1');
      await at.page.reload();
      await at.page.waitForSelector('.look input');
      await at.page.locator('.look input').fill('C-0002');
      await at.page.locator('.look select').first().selectOption('case');
      await at.page.locator('.look select').nth(1).selectOption('trace-contacts');
      await at.page.locator('.look button[type=submit]').click();
      await at.page.locator('form.filters input').last().fill(confirmed.person);
      await at.page.locator('form.filters button[type=submit]').last().click();
      await at.page.locator('ul.standing').waitFor();
      await at.page.waitForFunction((id) => [...document.querySelectorAll('.person tr[data-row]')].some((row) => row.innerText.includes(id)), none);
      const standing = await at.page.innerText('ul.standing'), row = await at.page.locator('.person tr[data-row]', { hasText: none }).first().innerText();
      at.hold(!standing.includes(none) && !/尚未管控|not placed/.test(standing), `a contact of no case is said to owe something: ${standing}`);
      at.hold(/该病例已排除/.test(row) || /found to be none/.test(row), `the case was found to be none, and the row says: ${row}`);
      await at.see('none-person');
    },
  },
  {
    // A filter that leaves nothing is not a net without holes.
    name: 'none-of-kind',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await to(at, '#/holes?kind=register/fact_conflict&all=true', '.kinds');
      await at.page.waitForFunction(() => !document.querySelector('tr[data-row]') && /没有/.test(document.querySelector('main').innerText));
      const said = await at.page.innerText('main');
      at.hold(!/该有的都有/.test(said) && /所选的种类和网格里没有漏洞/.test(said), `with one kind chosen, of which there is none: ${said.slice(-60)}`);
      await at.see();
    },
  },
  {
    // A sheet has each reason, whatever width it was printed at, and says how much of the
    // list it has.
    name: 'sheet',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await askFor(at, 'C-0003', 'ol.calls li');
      const [rows, all] = [await at.page.locator('ol.calls li').count(), Number((await at.page.innerText('.of-calls .figures')).replace(/(\d),(\d)/g, '$1$2').match(/\d+/g)[1])], size = at.page.viewportSize();
      const reasons = await at.page.evaluate(async () => {
        const asked = await fetch('/v1/stays?case=C-0003', { headers: { 'Weft-Purpose': 'ref=case:C-0003; purpose=trace-contacts' } });
        return asked.status === 200 ? document.querySelectorAll('ol.calls li:first-child p.second span').length : 0;
      });
      await at.page.emulateMedia({ media: 'print' });
      await at.page.setViewportSize({ width: 718, height: 1016 });
      await at.page.waitForFunction(() => !document.querySelector('details.more-reasons'));
      const paper = await at.page.innerText('.of-calls');
      at.hold(reasons > 0 && await at.page.locator('ol.calls li:first-child p.second span').count() >= 4, `of four reasons and more a sheet has ${await at.page.locator('ol.calls li:first-child p.second span').count()}`);
      at.hold(paper.replace(/(\d),(\d)/g, '$1$2').includes(at.look.language === 'zh' ? `只印出前 ${rows} 人，名单共 ${all} 人` : `the first ${rows} of ${all} people`), `a sheet with ${rows} of ${all} says: ${paper.slice(0, 300)}`);
      await at.see();
      await at.page.emulateMedia({ media: null });
      await at.page.setViewportSize(size);
    },
  },
  {
    // One area of the wall: what is of the whole outbreak all the same says so.
    name: 'whole',
    city: 'outbreak',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('hu');
      await to(at, '#/wall', '.funnel');
      at.hold(await at.page.locator('[data-whole]').count() === 0, 'of the whole wall it is said that it is whole');
      await to(at, '#/wall?grid=320282006', '.funnel');
      await at.page.waitForSelector('.risk [data-whole]');
      at.hold(await at.page.locator('[data-whole]').count() === 2 && /整起疫情|whole outbreak/.test(await at.page.innerText('.panel.of-clock')), 'deadlines and open risk of the whole outbreak stand below the contacts of one town');
      await at.see();
    },
  },
  {
    // Levels go from the closest on, as everywhere.
    name: 'levels',
    city: 'outbreak',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await to(at, '#/outbreak', '.clock-table table');
      const table = at.page.locator('table', { has: at.page.locator('caption', { hasText: '未了结的风险' }) });
      await table.locator('tbody tr').nth(3).waitFor();
      const levels = await table.locator('tbody tr td:first-child, tbody tr th:first-child').allInnerTexts();
      at.hold(`${levels.map((one) => one.trim())}` === '密接,次密接,一般接触,待判定', `levels stand as ${levels}`);
    },
  },
];
