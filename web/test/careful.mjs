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
      at.hold(/10000000\d+/.test(await at.page.innerText('main .title')) && /演练/.test(await at.page.innerText('main .title')), `a sheet does not say whose case it is: ${await at.page.innerText('main .title')}`);
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
      at.hold(await at.page.locator('[data-whole]').count() === 2 && /整起疫情|all towns/.test(await at.page.innerText('.panel.of-clock')), 'deadlines and open risk of the whole outbreak stand below the contacts of one town');
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
  {
    // A hole that asks which of two words is right leads to both of them.
    name: 'differ',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      const search = { case: 'C-0042', outbreak: 'OB-42', milestone: 'source_search' };
      sayOnce(at, 'origin-a', [['case.investigated', { ...search, origin: 'imported' }]]);
      sayOnce(at, 'origin-b', [['case.investigated', { ...search, origin: 'linked', linked_case: 'C-0002' }]]);
      sayOnce(at, 'symptoms', [['case.classified', { case: 'C-0041', outbreak: 'OB-41', classification: 'asymptomatic' }]]);
      await to(at, '#/holes?kind=cases/asymptomatic_symptoms&all=true', 'tr[data-row]');
      const without = at.page.locator('tr[data-row]', { hasText: 'C-0041' });
      at.hold(await without.locator('a[href$="case=C-0041"]').count() === 1, 'who has no symptoms, and some, leads nowhere');
      await at.see('differ-symptoms');
      await to(at, '#/holes?kind=cases/told_differently&all=true', 'tr[data-row]');
      await at.see('differ-hole');
      await at.page.locator('tr[data-row] a[href$="case=C-0042"]').click();
      await at.page.waitForFunction(() => location.hash.includes('case=C-0042') && document.querySelector('main h1')?.innerText.includes('C-0042'));
      await at.page.locator('form select').last().selectOption('trace-contacts');
      await at.page.locator('form button[type=submit]').click();
      await at.page.locator('[data-differ]').waitFor();
      const said = await at.page.innerText('[data-differ]');
      at.hold(['careful/origin-a', 'careful/origin-b'].every((one) => said.includes(one)) && !/imported|linked/.test(at.look.language === 'zh' ? said : ''), `what is told differently, and by whom: ${said}`);
      await at.page.waitForSelector('ol.calls li');
      await at.see();
      await to(at, '#/case?case=C-0003', 'ol.calls li');
      await at.page.waitForFunction(() => document.querySelector('main h1').innerText.includes('C-0003') && document.querySelector('ol.calls li'));
      at.hold(await at.page.locator('[data-differ]').count() === 0, 'a case of which one word was said is told differently');
    },
  },
  {
    // Recorded of the wrong person: withdrawn where it is read, and the list is as before.
    name: 'withdraw',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await askFor(at, 'C-0010', 'ol.calls li');
      const row = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '判定', exact: true }) }).first(), who = /P-\d+/.exec(await row.innerText())[0];
      const mine = at.page.locator('ol.calls li').filter({ hasText: who });
      await row.getByRole('button', { name: '判定', exact: true }).click();
      await row.locator('form label.wide input').fill('认错了人');
      for (const input of await row.locator('form label:has-text("疫情") input').all()) await input.fill('OB-10');
      await row.locator('form button[type=submit]').click();
      await mine.filter({ hasText: '已判定' }).waitFor();
      await mine.locator('a').first().click();
      const fact = at.page.locator('tr[data-row]', { hasText: '认错了人' });
      await fact.getByRole('button', { name: '撤回' }).click();
      at.hold(!await fact.locator('form').evaluate((one) => one.checkValidity()), 'a fact is withdrawn without a reason');
      // Who somebody is is corrected by saying it anew, never by taking them out of the register.
      const theirs = at.page.locator('tr[data-row]', { hasText: 'import/persons' });
      at.hold(await theirs.count() === 1 && await theirs.getByRole('button', { name: '撤回' }).count() === 0, 'a registration is offered to be withdrawn');
      await at.see();
      await fact.locator('form label.wide input').fill('同名');
      await fact.locator('form button[type=submit]').click();
      await at.page.waitForFunction(() => !document.querySelector('.untaken'));
      await at.page.waitForTimeout(1500);
      await at.page.getByRole('button', { name: '重新读取' }).first().click();
      await fact.filter({ hasText: /已撤回|已更正|更正或撤回/ }).waitFor();
      at.hold(await fact.getByRole('button', { name: '撤回' }).count() === 0, 'what is withdrawn is withdrawn again');
      await askFor(at, 'C-0010', 'ol.calls li');
      at.hold(/系统提示/.test(await mine.innerText()), `whoever was never judged stands as ${await mine.innerText()}`);
    },
  },
  {
    // From the wall to a hole to its people to "reached", without a mouse.
    name: 'by-keys',
    city: 'outbreak',
    once: true,
    async run(at) {
      const on = () => at.page.evaluate(() => {
        const one = document.activeElement;
        return { tag: one.tagName, text: (one.innerText || one.getAttribute('aria-label') || '').slice(0, 80), inForm: one.closest('form.tell') !== null, inLook: one.closest('.look form') !== null, value: one.value ?? '', first: one.classList.contains('first'), required: one.required === true, inRow: one.closest('tr[data-row]') !== null };
      });
      const tabTo = async (fits, what) => {
        for (let tries = 0; tries < 70; tries++) {
          await at.page.keyboard.press('Tab');
          const now = await on();
          if (fits(now)) return now;
        }
        throw new Error(`no key leads to ${what}`);
      };
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await to(at, '#/wall', '.town');
      await tabTo((one) => one.text.startsWith('镇街 020'), 'the town');
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction(() => location.hash.includes('grid=320282020') && [...document.querySelectorAll('.town')].some((one) => /村社 001/.test(one.getAttribute('aria-label') ?? one.innerText)));
      await tabTo((one) => one.text.startsWith('村社 001'), 'the village');
      await at.page.keyboard.press('Enter');
      await at.page.waitForSelector('.kinds button');
      await tabTo((one) => one.text.startsWith('接触者未联系上'), 'the holes of one kind');
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction(() => location.hash.includes('contact_not_reached') && document.querySelector('.look input'));
      await tabTo((one) => one.inLook && one.tag === 'INPUT', 'the reference');
      await at.page.keyboard.type('C-1');
      await tabTo((one) => one.inLook && one.tag === 'SELECT', 'the purpose');
      await at.page.keyboard.press('ArrowDown');
      await tabTo((one) => one.inLook && one.tag === 'BUTTON', 'the reading');
      await at.page.keyboard.press('Enter');
      await at.page.waitForSelector('tr[data-row]');
      const before = await at.page.locator('tr[data-row]').count(), who = await at.page.locator('tr[data-row] td.of-subject').first().innerText();
      await tabTo((one) => one.inRow && /记录/.test(one.text), 'what is recorded of the hole');
      await at.page.keyboard.press('Enter');
      await at.page.waitForSelector('form.tell');
      for (;;) {
        const now = await tabTo((one) => one.inForm, 'the form');
        if (now.first) break;
        if (now.tag === 'INPUT' && now.required && !now.value) await at.page.keyboard.type('O-1211');
        else if (now.tag === 'SELECT' && now.required && !now.value) await at.page.keyboard.press('ArrowDown');
      }
      await at.see();
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction((one) => ![...document.querySelectorAll('tr[data-row] td.of-subject')].some((row) => row.innerText === one), who);
      at.hold(await at.page.locator('tr[data-row]').count() === before - 1 && await at.page.locator('.untaken [role=alert]').count() === 0, `one of ${before} holes was closed by keys alone`);
      at.hold(await at.page.evaluate(() => document.activeElement !== null), 'the focus is lost');
    },
  },
  {
    // What nobody took, for whoever looks after the service: in words, with what to do, and as
    // many as the service counts.
    name: 'refused',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('op');
      await to(at, '#/admin/refused', 'tr[data-row] code');
      const { rows } = await at.page.evaluate(async () => (await fetch('/v1/refused')).json());
      const reasons = await at.page.locator('table').first().locator('tr[data-row]').allInnerTexts(), codes = [...new Set(rows.flatMap((one) => one.reasons.map((two) => two.code)))];
      at.hold(codes.length >= 2 && reasons.length === codes.length && codes.every((code) => reasons.some((row) => row.includes(code))), `of ${codes} the page has ${reasons}`);
      const sum = (list) => list.reduce((all, one) => all + one, 0);
      at.hold(sum(reasons.map((row) => Number(/\d+/.exec(row)[0]))) === sum(rows.flatMap((one) => one.reasons.map((two) => two.rows))), 'the reasons do not add up to the rows that were refused');
      at.hold(rows.every((one) => one.reasons.every((two) => two.hint !== '')), `a refusal says not what to do: ${reasons}`);
      at.hold(reasons.every((row) => (at.look.language === 'zh' ? /[一-鿿]{3}/ : /[a-z]{3} [a-z]/).test(row) && !/weft (help|import|view|verify)/.test(row)), `a reason is no sentence, or names a command: ${reasons}`);
      at.hold(!/P-\d{4}|10000000\d/.test(await at.page.innerText('main')), 'refused rows name somebody');
      await at.see();
    },
  },
  {
    // A service that is there and says nothing, as a network that was cut behind the next wall:
    // no page goes on calling itself live, and what was typed waits until it is taken.
    name: 'silent',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await askFor(at, 'C-0014', 'ol.calls li');
      const row = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '判定', exact: true }) }).first();
      await row.getByRole('button', { name: '判定', exact: true }).click();
      await row.locator('form label.wide input').fill('同住一屋');
      for (const input of await row.locator('form label:has-text("疫情") input').all()) await input.fill('OB-14');
      await at.page.waitForFunction(() => document.querySelector('.bar .when').innerText.includes('实时'));
      at.city.server.kill('SIGSTOP');
      try {
        await row.locator('form button[type=submit]').click();
        await at.page.waitForFunction(() => /未连接/.test(document.querySelector('.bar .when').innerText) && document.querySelector('main > [role=alert]'), undefined, { timeout: 25000 });
        const waits = await at.page.innerText('.untaken');
        at.hold(/同住一屋/.test(waits) && !/T\d\d:\d\d/.test(waits), `what was typed is gone while the service is silent, or stands there as a program has it: ${waits}`);
        await at.page.screenshot({ path: `${at.pictures}/silent-${at.look.name}.png` });
      } finally {
        at.city.server.kill('SIGCONT');
      }
      await at.page.waitForFunction(() => /实时/.test(document.querySelector('.bar .when').innerText) && !document.querySelector('.untaken'));
      await at.page.waitForFunction(() => [...document.querySelectorAll('ol.calls li')].some((one) => one.innerText.includes('已判定')));
    },
  },
];
