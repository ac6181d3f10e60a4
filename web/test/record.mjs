// What is lacking is recorded where it is seen: of a case's step, of a hole, beside a list.
// And the page of an outbreak: its clock, where the hours went, what is not bottomed out.
async function to(at, hash, ready) {
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector(ready);
}

// Each choice of a form stands there in words, whatever kind of fact it is.
async function codesIn(at) {
  return at.page.$$eval('.record select option', (all) => all.map((one) => one.textContent.trim()).filter((text) => /^[a-z]+(_[a-z]+)+$|^[a-z]+\.[a-z_]+$/.test(text)));
}

async function everyKind(at, box) {
  const which = box.locator('.which select');
  await which.waitFor();
  const kinds = await which.locator('option').count();
  for (let one = 0; one < kinds; one++) {
    await which.selectOption(String(one));
    await box.locator('form.tell').waitFor();
    const codes = await codesIn(at);
    at.hold(codes.length === 0, `a form has codes for words: ${codes}`);
  }
  return kinds;
}

// The page of a case, opened for its tracing as whoever comes from elsewhere opens it.
async function openCase(at, id) {
  await to(at, `#/case?case=${id}`, 'form button[type=submit]');
  await at.page.locator('form select').last().selectOption('trace-contacts');
  await at.page.locator('form button[type=submit]').click();
  await at.page.waitForSelector('table.days svg');
}

const statedOf = (at, id) => at.page.evaluate(async (one) => (await (await fetch(`/v1/stays?case=${one}`, { headers: { 'Weft-Purpose': `ref=case:${one}; purpose=trace-contacts` } })).json()).rows.filter((row) => row.facts.length > 0), id);

export const recordSteps = [
  {
    // What was said wrongly is put right where it is read, by keys: another fact takes its
    // place, or withdraws it, and says why. What somebody else recorded is theirs.
    name: 'restate',
    async run(at) {
      const hour = { zh: 1, 'en-dark': 2, 'zh-phone': 3, 'en-phone': 4 }[at.look.name] * 2, two = (number) => String(number).padStart(2, '0'), day = '2021-12-09';
      const time = (hours, minutes) => `${day}T${two(hours)}:${two(minutes)}`, chip = (span) => at.page.locator('.said-stays button').filter({ hasText: span });
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await openCase(at, 'C-0003');
      await at.page.fill('textarea', '12月9日上午10点左右在万石菜市场,停留约20分钟');
      await at.page.locator('textarea').evaluate((one) => one.form.requestSubmit());
      const offer = at.page.locator('.look form').first();
      await offer.locator('input').first().fill('MK-0000000');
      await offer.locator('input[type=datetime-local]').first().fill(time(hour, 10));
      await offer.locator('input[type=datetime-local]').last().fill(time(hour, 30));
      await offer.locator('select').last().selectOption('spouse');
      await offer.locator('button[type=submit]').click();
      await chip(`${two(hour)}:10–${two(hour)}:30`).waitFor();
      // To the button, to what can be done, to the form: with keys alone.
      await chip(`${two(hour)}:10–${two(hour)}:30`).focus();
      await at.page.keyboard.press('Enter');
      const box = at.page.locator('.restating');
      await box.locator('.acts button').first().focus();
      await at.page.keyboard.press('Enter');
      const times = box.locator('form input[type=datetime-local]');
      at.hold(await box.locator('form input').first().inputValue() === 'MK-0000000' && await times.first().inputValue() === time(hour, 10) && await box.locator('form select').last().inputValue() === 'spouse', 'what was said is not there to be corrected');
      at.hold((await box.locator('form .named [role=status]').innerText()).trim() === '', 'of a place that stood there before it is said that none was chosen');
      at.hold(await box.locator('form [role=status].wrong').count() === 1, 'that nothing is changed yet is not said');
      at.hold(!await box.locator('form').evaluate((one) => one.checkValidity()), 'a stay is corrected without a reason');
      await at.see();
      await times.last().fill(time(hour, 50));
      await box.locator('form label.wide input').fill(`看错钟点${hour}`);
      await at.page.keyboard.press('Enter');
      await chip(`${two(hour)}:10–${two(hour)}:50`).waitFor();
      const { person } = (await statedOf(at, 'C-0003'))[0].facts[0].said;
      // Another's: at the same hour of the day before.
      at.city.send(`${JSON.stringify({ device: 'elsewhere', seq: hour, kind: 'visit.stated', at: '2021-12-12T20:00:00+08:00', grid: '990101001', body: { person, place: 'MK-0000000', start: `2021-12-08T${two(hour)}:00:00+08:00`, end: `2021-12-08T${two(hour)}:40:00+08:00`, told_by: 'camera' } })}\n`);
      await at.page.reload();
      await openCase(at, 'C-0003');
      await chip(`${two(hour)}:10–${two(hour)}:50`).waitFor();
      at.hold(await chip(`${two(hour)}:10–${two(hour)}:30`).count() === 0, 'what was corrected is still read');
      const mine = (await statedOf(at, 'C-0003')).filter((one) => one.start.startsWith(time(hour, 10)));
      at.hold(mine.length === 1 && mine[0].end.startsWith(time(hour, 50)) && mine[0].stated && `${mine[0].told_by}` === 'spouse' && mine[0].facts.length === 1 && mine[0].facts[0].said.reason === `看错钟点${hour}`, `what was corrected stands as ${JSON.stringify(mine)}`);
      // Another's is told of, and not offered.
      await chip(`${two(hour)}:00–${two(hour)}:40`).click();
      await box.locator('.note').waitFor();
      at.hold(/elsewhere/.test(await box.innerText()) && await box.locator('button').count() === 0, `what is another's is offered: ${await box.innerText()}`);
      await at.see('restate-another');
      await chip(`${two(hour)}:10–${two(hour)}:50`).click();
      await box.locator('.acts button').last().click();
      await box.locator('form label.wide input').fill('记到了别人名下');
      await at.see('restate-withdraw');
      await box.locator('form button[type=submit]').click();
      await chip(`${two(hour)}:10–${two(hour)}:50`).waitFor({ state: 'detached' });
      await at.page.reload();
      await openCase(at, 'C-0003');
      at.hold(await chip(`${two(hour)}:10–`).count() === 0 && !(await statedOf(at, 'C-0003')).some((one) => one.start.startsWith(time(hour, 10))), 'what was withdrawn is still read');
      at.hold(await chip(`${two(hour)}:00–${two(hour)}:40`).count() === 1, 'what was not withdrawn is gone');
      at.hold(await at.page.locator('.look [role=alert]').count() === 0, 'a correction is refused');
    },
  },
  {
    // Nothing typed is lost: with the stay beside it recorded, with somebody else's page opened
    // meanwhile, or with the row's place in the list; and what another noted is said at the form.
    name: 'kept',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await openCase(at, 'C-0003');
      const told = '2月30日上午10点在菜市场。12月9日上午10点到11点在菜市场，夜里2点在医院待了20分钟。';
      await at.page.fill('textarea', told);
      await at.page.locator('textarea').evaluate((one) => one.form.requestSubmit());
      const offers = at.page.locator('.look:has(input[type=datetime-local])'), place = (of) => offers.nth(of).locator('form input').first(), times = (of) => offers.nth(of).locator('input[type=datetime-local]');
      await offers.nth(2).waitFor();
      at.hold(/不存在/.test(await offers.nth(0).innerText()) && await times(0).first().inputValue() === '', 'a day that does not exist is not said to be none');
      at.hold(await times(1).last().inputValue() === '2021-12-09T11:00', 'the first of two places ends with the time of the second');
      at.hold(/12月9日[^\n]* 02:00\s+12月10日[^\n]* 02:00/.test(await offers.nth(2).innerText()) && /承上一段/.test(await offers.nth(2).innerText()), `of two o'clock at night it is not asked which day it is of: ${await offers.nth(2).innerText()}`);
      await at.see();
      await place(2).fill('HS-0000000');
      await place(1).fill('MK-0000000');
      await offers.nth(1).locator('button[type=submit]').click();
      await at.page.waitForFunction(() => document.querySelectorAll('.look input[type=datetime-local]').length === 4 && !document.querySelector('.untaken'));
      at.hold(await place(1).inputValue() === 'HS-0000000', 'what was typed of a stay is lost with the one above it');
      // A form at a contact, while another dismisses them: they go to the end of the list, behind
      // what a page of it holds.
      const row = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '判定', exact: true }) }).first(), who = /P-\d+/.exec(await row.innerText())[0], mine = at.page.locator('ol.calls li').filter({ hasText: who });
      await row.getByRole('button', { name: '判定', exact: true }).click();
      await row.locator('form label.wide input').fill('同桌四十分钟');
      at.city.send(`${JSON.stringify({ device: 'elsewhere', seq: 900, kind: 'contact.dismissed', at: '2021-12-13T00:05:00+08:00', grid: '990101001', body: { case: 'C-0003', person: who, outbreak: 'OB-3', reason: 'wrong_person' } })}\n`);
      // One's own fact of before may have come as news, too.
      for (let tries = 0; tries < 20 && await mine.locator('.moved-on[role=alert]').count() === 0; tries++) {
        await mine.locator('.moved-on button').click({ timeout: 1000 }).catch(() => undefined);
        await at.page.waitForTimeout(300);
      }
      at.hold(/已不在这里所列之中/.test(await mine.locator('.moved-on[role=alert]').innerText()) && await mine.locator('form label.wide input').inputValue() === '同桌四十分钟', `what another noted is said, and what was typed stays: ${await mine.innerText()}`);
      await mine.scrollIntoViewIfNeeded();
      await at.see('kept-moved-on');
      // The same of somebody who is still listed: with what was noted.
      await mine.locator('form button:not(.first)').click();
      const next = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '未联系上', exact: true }) }).nth(1), other = /P-\d+/.exec(await next.innerText())[0], theirs = at.page.locator('ol.calls li').filter({ hasText: other });
      await next.getByRole('button', { name: '判定', exact: true }).click();
      await next.locator('form label.wide input').fill('邻桌');
      at.city.send(`${JSON.stringify({ device: 'elsewhere', seq: 901, kind: 'contact.named', at: '2021-12-13T00:05:00+08:00', grid: '990101001', body: { case: 'C-0003', person: other, outbreak: 'OB-3', how: 'interview' } })}\n`);
      for (let tries = 0; tries < 20 && await theirs.locator('.moved-on[role=alert]').count() === 0; tries++) {
        await theirs.locator('.moved-on button').click({ timeout: 1000 }).catch(() => undefined);
        await at.page.waitForTimeout(300);
      }
      at.hold(/待判定/.test(await theirs.locator('.moved-on[role=alert]').innerText()) && await theirs.locator('form label.wide input').inputValue() === '邻桌', `what another noted is said at the form: ${await theirs.innerText()}`);
      await theirs.scrollIntoViewIfNeeded();
      await at.see('kept-noted');
      // To another page and back, by the bar.
      await at.page.locator('.bar nav a').first().click();
      await at.page.waitForFunction(() => !document.querySelector('textarea'));
      await openCase(at, 'C-0003');
      at.hold(await at.page.inputValue('textarea') === told && await place(1).inputValue() === 'HS-0000000', 'what was typed is lost with a look at another page');
      // Who leaves is asked; who comes after somebody whose session is over is not, and finds
      // nothing of theirs.
      let asked = 0;
      at.page.on('dialog', (one) => { asked++; void one.accept(); });
      await place(1).click();
      await at.page.reload();
      at.hold(asked === 1, 'what was typed is left without a question');
      await openCase(at, 'C-0003');
      await at.page.fill('textarea', told);
      at.expected.refusals = 30;
      await at.context.clearCookies();
      await at.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await at.page.waitForSelector('main.away .login');
      await at.fillIn('hu', 1);
      await at.page.waitForFunction(() => !document.querySelector('textarea') && !document.querySelector('main.away'));
      at.hold(asked === 1, 'the page of who has gone is held back from who comes');
    },
  },
  {
    // Nobody has said of which outbreak the case is: a call in the one that is typed is in the
    // list of everybody, and whoever comes next is not asked for it again.
    name: 'record-call',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await openCase(at, 'C-0004');
      const row = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '已联系上', exact: true }) }).first(), who = /P-\d+/.exec(await row.innerText())[0];
      await row.getByRole('button', { name: '已联系上', exact: true }).click();
      await row.locator('form label:has-text("疫情") input').fill('OB-4');
      await row.locator('form button[type=submit]').click();
      const standing = () => at.page.evaluate(async (one) => (await (await fetch('/v1/views/tracing/contacts?limit=2000', { headers: { 'Weft-Purpose': 'ref=case:C-0004; purpose=trace-contacts' } })).json()).rows.find((other) => other.person === one && other.case_id === 'C-0004'), who);
      let stands = await standing();
      for (let tries = 0; tries < 30 && !stands?.reached_at; tries++) {
        await at.page.waitForTimeout(300);
        stands = await standing();
      }
      at.hold(stands && stands.state === 'named' && stands.reached_at !== null && stands.outbreak === 'OB-4', `a call at a case of no outbreak is in nobody's list: ${JSON.stringify(stands)}`);
      at.hold(await at.page.locator('.untaken [role=alert]').count() === 0, 'a call at a case of no outbreak is refused');
      const next = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '已联系上', exact: true }) }).first();
      await at.page.waitForFunction(() => document.querySelector('main h1').parentElement.innerText.includes('OB-4'));
      await next.getByRole('button', { name: '已联系上', exact: true }).click();
      at.hold(await next.locator('form').count() === 1 && await next.locator('form label:has-text("疫情")').count() === 0, 'the outbreak of a case is asked for again');
      await at.see();
    },
  },
  {
    name: 'record-case',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await openCase(at, 'C-0001');
      await at.page.waitForSelector('ol.calls li');
      const more = at.page.locator('.case-more .record');
      await more.locator('button').first().click();
      at.hold(await everyKind(at, more) >= 15, 'all that is said of a case can be recorded on its page');
      await more.locator('.which select').selectOption({ label: await more.locator('.which option').nth(10).innerText() });
      await at.see();
      if (at.look.name !== 'zh') return;
      // A contact whom nobody knows: from then on first-class, in the list of whom to call.
      const before = await at.page.locator('ol.calls li').filter({ hasText: '待核实' }).count();
      const id = await more.locator('form input').first().inputValue();
      at.hold(/^U-[A-Z0-9]{8}$/.test(id), `an id is proposed: ${id}`);
      for (const input of await more.locator('form label:has-text("疫情") input').all()) await input.fill('OB-1');
      await more.locator('form label.wide input').first().fill(`穿蓝色外套，与其同桌 ${'W'.repeat(140)} \u202Edesrever`);
      await more.locator('form button[type=submit]').click();
      await at.page.waitForFunction((count) => [...document.querySelectorAll('ol.calls li')].filter((one) => one.textContent.includes('待核实')).length > count, before);
      // Who looks for them reads what is known of them, whatever somebody typed: it stays in its
      // column, and turns nothing about that stands beside it.
      const unknown = at.page.locator('ol.calls li').filter({ hasText: id }), known = unknown.locator('.looks-like');
      at.hold(/特征： ?穿蓝色外套，与其同桌/.test(await known.innerText()) && await known.locator('bdi').count() === 1, `what is known of who is not identified is shown: ${await unknown.innerText()}`);
      at.hold(await known.evaluate((one) => one.scrollWidth <= one.clientWidth && one.getBoundingClientRect().right <= one.closest('li').getBoundingClientRect().right), 'a long description leaves its row');
      await unknown.scrollIntoViewIfNeeded();
      await at.see('record-unidentified');
      // Who was judged is told in words that do not tell whose contact they are.
      const contact = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '判定', exact: true }) }).first();
      await contact.getByRole('button', { name: '判定', exact: true }).click();
      await contact.locator('form label.wide input').fill('同住');
      for (const input of await contact.locator('form label:has-text("疫情") input').all()) await input.fill('OB-1');
      await contact.locator('form button[type=submit]').click();
      await at.page.locator('ol.calls').getByRole('button', { name: '告知书' }).first().click();
      const words = await at.page.inputValue('.contact-notice textarea'), whose = await at.page.innerText('main h1 ~ .strong');
      at.hold(/密切接触者|密接/.test(words) && /末次暴露/.test(words) && /120/.test(words), `a contact is told: ${words}`);
      at.hold(!words.includes('C-0001') && !words.includes(whose.trim()) && !/座|\d\d:\d\d|P-\d/.test(words), `the notice tells whose contact they are: ${words}`);
      // Somebody speaks for the case: then other questions are asked.
      const interview = at.page.locator('section:has(textarea) .record');
      await interview.locator('button').first().click();
      await interview.locator('form select').first().selectOption('parent');
      await interview.locator('form select').nth(1).selectOption('child');
      for (const input of await interview.locator('form label:has-text("疫情") input').all()) await input.fill('OB-1');
      await interview.locator('form button[type=submit]').click();
      await at.page.waitForFunction(() => /父母 · 本人是儿童/.test(document.querySelector('main').innerText) && /把亲眼所见与听说分开/.test(document.querySelector('main').innerText));
      await at.see('record-proxy');
      // Whether the case has symptoms is asked where a case is reported, and stands at its head.
      const symptoms = at.page.locator('[data-symptomatic]'), had = await symptoms.innerText(), to_be = had === '有症状' ? '无症状' : '有症状';
      await more.locator('button').first().click();
      await more.locator('.which select').selectOption({ label: '报告病例' });
      await more.locator('form label:has-text("有无症状") select').selectOption(to_be === '有症状' ? 'true' : 'false');
      await at.see('record-symptoms');
      await more.locator('form button[type=submit]').click();
      await at.page.waitForFunction((text) => document.querySelector('[data-symptomatic]')?.innerText === text, to_be);
      // However somebody was reached, it can be said.
      const caller = at.page.locator('ol.calls li').filter({ has: at.page.getByRole('button', { name: '已联系上', exact: true }) }).first();
      await caller.getByRole('button', { name: '已联系上', exact: true }).click();
      at.hold((await caller.locator('form select').first().locator('option').allInnerTexts()).includes('其他方式'), 'a contact reached in another way cannot be recorded');
      await caller.getByRole('button', { name: '已联系上', exact: true }).click();
      // A step of the clock, done earlier than it is said.
      const step = at.page.locator('.steps li').filter({ hasText: '完整报告' });
      await step.locator('.record button').first().click();
      await step.locator('form input[type=datetime-local]').waitFor();
      at.hold((await step.locator('form input[type=datetime-local]').inputValue()).startsWith('2021-12-1'), 'now is not proposed');
      await step.locator('form input[type=datetime-local]').fill('2021-12-11T06:07');
      await step.locator('form button[type=submit]').click();
      await at.page.waitForFunction(() => [...document.querySelectorAll('.steps li')].some((one) => one.textContent.includes('完整报告') && one.textContent.includes('06:07')));
      at.hold(await step.locator('.record').count() === 0, 'what is done is still offered');
    },
  },
  {
    name: 'record-hole',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      // From a lot to the places where it was.
      at.city.send(`${JSON.stringify({ device: 'record', seq: 2, kind: 'environment.sampled', at: '2021-12-12T20:00:00+08:00', grid: '990101001', body: { tube: 'E-LOT', place: 'RS-0000000', object: '冻虾外包装', lot: 'LOT-7' } })}\n`);
      await to(at, '#/lookups/contacts', 'main h1');
      await at.page.getByRole('link', { name: '货物批次' }).click();
      await at.page.locator('input[name=lot]').fill('LOT-7');
      await at.page.locator('input[name=case]').fill('C-0001');
      await at.page.locator('.filters select').selectOption('trace-contacts');
      await at.page.locator('.filters button[type=submit]').click();
      await at.page.waitForFunction(() => [...document.querySelectorAll('tr[data-row]')].some((one) => /E-LOT/.test(one.textContent) && /RS-0000000/.test(one.textContent)));
      // The same step says who was there, by the time of the case, as the place's own page does.
      await at.page.waitForFunction(() => /谁在 /.test(document.querySelector('main').innerText));
      const stays = await at.page.evaluate(async () => (await (await fetch('/v1/who?case=C-0001&place=RS-0000000', { headers: { 'Weft-Purpose': 'ref=case:C-0001; purpose=trace-contacts' } })).json()).rows.length);
      at.hold(await at.page.locator('section section:last-of-type tr[data-row] a').count() === stays, `of ${stays} stays at the place of the lot not all are listed`);
      await at.see('lookups-lot');
      await to(at, '#/views/tracing/letters', '.record button');
      const box = at.page.locator('.record');
      await box.locator('button').first().click();
      at.hold(await everyKind(at, box) === 3, 'letters are sent, received and answered');
      await box.locator('.which select').selectOption('0');
      const letter = await box.locator('form input').first().inputValue();
      await box.locator('form input').nth(1).fill('演练市');
      await box.locator('form select').selectOption('control');
      const persons = box.locator('form label:has-text("人员") input');
      await persons.fill('P-0000011、P-0000012');
      await box.locator('form input[type=datetime-local]').fill('2021-12-11T03:00');
      await box.locator('form button[type=submit]').click();
      await at.page.waitForFunction((id) => [...document.querySelectorAll('tr[data-row]')].some((row) => row.textContent.includes(id)), letter);
      // It has no receipt: that is a hole, and the answer is recorded on its row.
      await to(at, '#/holes?all=true&kind=tracing/letter_no_receipt', 'tr[data-row]');
      const row = at.page.locator('tr[data-row]').filter({ hasText: letter });
      await row.locator('.record button').first().click();
      await row.locator('form.tell').waitFor();
      await row.locator('form select').first().selectOption('received');
      await at.see();
      await row.locator('form button[type=submit]').click();
      await at.page.waitForFunction((id) => ![...document.querySelectorAll('tr[data-row]')].some((one) => one.textContent.includes(id)), letter);
      at.hold(await at.page.locator('.look [role=alert]').count() === 0, 'an answer to a letter is refused');
    },
  },
  {
    name: 'report',
    async run(at) {
      // Once for a city, whichever look comes first.
      if (!at.city.hasNotice) at.city.send(`${JSON.stringify({ device: 'record', seq: 1, kind: 'notice.published', at: '2021-12-12T20:00:00+08:00', grid: '990101001', body: { notice: 'N-REPORT', place: 'RS-0000000', from: '2021-12-10T11:00:00+08:00', until: '2021-12-10T13:00:00+08:00', advice: '请于24小时内到就近采样点采样' } })}\n`);
      at.city.hasNotice = true;
      await to(at, '', 'main h1');
      await at.logIn('zhou');
      await to(at, '#/me', 'tr[data-row]:has-text("24小时内") button');
      // At a place that was published: answered at once, and the case is not told of.
      await at.page.locator('tr[data-row]:has-text("24小时内") button').click();
      at.hold(await at.page.locator('form.tell input[type=datetime-local]').first().inputValue() === '2021-12-10T11:00', 'the time that was published is proposed');
      await at.page.locator('form.tell button[type=submit]').click();
      await at.page.locator('[data-answer]').waitFor();
      at.hold(/与已发布的公告相符|those of a notice/.test(await at.page.innerText('[data-answer]')), 'a published place is not matched');
      at.hold(!/C-0\d/.test(await at.page.innerText('main')), 'the page of a resident names a case');
      // In words: symptoms go before all else.
      await at.page.locator('section:has([data-answer]) > button').click();
      await at.page.locator('form.tell select').selectOption('symptom');
      await at.page.locator('form.tell input[type=datetime-local]').first().fill('2021-12-11T08:00');
      await at.page.locator('form.tell label.wide input').fill('发热两天');
      await at.page.locator('form.tell button[type=submit]').click();
      await at.page.locator('[data-answer]').filter({ hasText: /发热门诊|fever clinic/ }).waitFor();
      await at.page.waitForFunction(() => [...document.querySelectorAll('tr[data-row]')].some((one) => /有症状|has symptoms/.test(one.textContent) && /待答复|not answered yet/.test(one.textContent)));
      at.hold(await at.page.locator('.look [role=alert]').count() === 0, 'what a resident reports is refused');
      await at.see();
    },
  },
  {
    // A browser that slept until its session was over: nothing typed is lost, and nothing is
    // seen before who had it has logged in again.
    name: 'lapsed',
    once: true,
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('zhou');
      await to(at, '#/me', 'section:has(h2) > button');
      await at.page.getByRole('button', { name: /报备到过的地方/ }).click();
      await at.page.locator('form.tell select').selectOption('arrival');
      await at.page.locator('form.tell input[type=datetime-local]').first().fill('2021-12-11T08:00');
      await at.page.locator('form.tell label.wide input').fill('自外地返回，还没写完');
      const over = async () => {
        at.expected.refusals = 30;
        await at.context.clearCookies();
      };
      const back = async () => {
        await at.page.fill('input[name=password]', at.city.password);
        at.hold(await at.page.inputValue('input[name=user]') === 'zhou', 'who was there is not known any more');
        await at.page.locator('.login button[type=submit]').click();
        await at.page.waitForSelector('.login', { state: 'detached' });
      };
      await over();
      await at.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
      await at.page.waitForSelector('main.away .login');
      at.hold(await at.page.locator('form.tell').count() === 1 && !await at.page.locator('form.tell').isVisible(), 'the page of who has gone is gone, or seen');
      await at.see();
      await back();
      at.hold(await at.page.inputValue('form.tell label.wide input') === '自外地返回，还没写完', 'what was typed is lost with the session');
      // It ends again as it is sent: it goes by itself when they are back.
      await over();
      await at.page.locator('form.tell button[type=submit]').click();
      await at.page.waitForSelector('main.away .login');
      await back();
      await at.page.locator('[data-answer]').waitFor();
      await at.page.waitForFunction(() => !document.querySelector('.look [role=alert]') && [...document.querySelectorAll('tr[data-row]')].some((one) => one.textContent.includes('来本地')));
      at.city.sessions.set('zhou', await at.context.cookies());
    },
  },
  {
    name: 'outbreak',
    city: 'outbreak',
    async run(at) {
      await to(at, '', 'main h1');
      await at.logIn('lin');
      await to(at, '#/outbreak', '.clock-table table');
      await at.page.waitForFunction(() => document.querySelectorAll('.halves table').length >= 5);
      // On a telephone what is overdue comes first, each other part is a line that opens, and
      // whatever a step has is there when it is wanted.
      if (at.look.width < 800) {
        await at.see('outbreak-folded');
        const height = await at.page.evaluate(() => document.documentElement.scrollHeight), few = await at.page.locator('.clock-table td:visible').count();
        at.hold(height < 3 * at.look.height, `${at.look.name}: the page of an outbreak is ${height} px long`);
        // Each deadline that there is stands there before anything is touched.
        const dues = (await at.page.evaluate(async () => (await (await fetch('/v1/clock?outbreak=O-1211&limit=50')).json()).rows)).filter((one) => one.case_id === '' && one.place < 15 && one.due_at);
        const told = await at.page.locator('.clock-table td.of-due:visible').allInnerTexts();
        at.hold(dues.length > 2 && told.length === dues.length && dues.every((one, step) => told[step].includes(one.due_at.slice(11, 16))), `${at.look.name}: of ${dues.length} deadlines stand there: ${told.join('; ')}`);
        await at.page.locator('.clock-table > button').click();
        at.hold(await at.page.locator('.clock-table td:visible').count() > few + 15, `${at.look.name}: the steps are not whole`);
        for (const fold of await at.page.locator('details.fold').all())
          if (await fold.getAttribute('open') === null) await fold.locator('summary').click();
        await at.page.waitForSelector('table.waterfall svg');
      }
      const shown = await at.page.innerText('main');
      at.hold(/O-1211/.test(await at.page.locator('.filters select').inputValue()), 'the outbreak that there is stands chosen');
      at.hold(/7-1-7/.test(shown) && /隐匿传播链不在其内|Hidden chains are not included/.test(shown), '7-1-7 and hidden chains are said');
      // Each part of the rule has a row, in words.
      const parts = await at.page.evaluate(async () => (await (await fetch('/v1/views/tracing/bottomed_out?outbreak=O-1211&limit=50')).json()).rows);
      const rows = await at.page.$$eval('.halves table:not(.waterfall) tbody tr', (all) => all.map((one) => one.innerText));
      at.hold(parts.length === 10 && parts.every((one) => !rows.some((row) => row.includes(one.part))), 'a part of the rule is shown as a code');
      at.hold(parts.filter((one) => one.holds).length === Number(/\d+/.exec(await at.page.innerText('.figures .key'))[0]), 'as many parts are said to hold as do');
      // The bars end to end are the spans that the service gives.
      const [bars, spans] = await at.page.evaluate(async () => {
        const answer = await (await fetch('/v1/clock?outbreak=O-1211&limit=50')).json();
        const steps = answer.rows.filter((one) => one.case_id === '' && one.spent_us !== null && !/^contacts_[rpt]/.test(one.step) && one.place < 11);
        return [document.querySelectorAll('table.waterfall tbody tr').length, steps.length];
      });
      at.hold(bars === spans && bars > 2, `${bars} bars of ${spans} spans`);
      // By when is said in words or as a day with its hour, also where it is today's; of what is
      // overdue the earliest, as the service has it.
      const steps = (await at.page.evaluate(async () => (await (await fetch('/v1/clock?outbreak=O-1211&limit=50')).json()).rows)).filter((one) => one.case_id === '' && one.place < 15);
      const due = await at.page.$$eval('.clock-table td.of-due', (all) => all.map((one) => one.textContent));
      const lateAt = steps.findIndex((one) => one.state === 'overdue'), unknownAt = steps.findIndex((one) => one.state === 'unknown');
      at.hold(due.length === steps.length && due.every((one, of) => (steps[of].due_at ? one.includes(`${steps[of].due_at.slice(5, 10)} ${steps[of].due_at.slice(11, 16)}`) : one.length > 3)), `by when: ${due}`);
      at.hold(lateAt >= 0 && steps[lateAt].due_at !== null && unknownAt >= 0 && /算不出时限|no deadline can be computed/.test(due[unknownAt]), `what is overdue has a deadline, and what has none says so: ${due}`);
      // The contacts were listed before the core report that stands above them: it is said.
      at.hold(/11:10/.test(await at.page.locator('[data-turned]').innerText()), 'bars stand in another order than what they show, and nothing says so');
      const wide = await at.page.$$eval('table.waterfall rect', (all) => all.every((one) => Number(one.getAttribute('x')) >= 0 && Number(one.getAttribute('x')) + Number(one.getAttribute('width')) <= 1004));
      at.hold(wide, 'a bar leaves the picture');
      // Each case once, each link a line; they are asked apart.
      await at.page.waitForSelector('svg.chain circle');
      const [cases, links] = await at.page.evaluate(async () => {
        const { rows } = await (await fetch('/v1/views/cases/milestones?outbreak=O-1211&limit=500')).json();
        return [rows.length, rows.filter((one) => rows.some((other) => other.case_id === one.linked_case)).length];
      });
      const drawn = await Promise.all(['circle', '.link'].map((one) => at.page.locator(`svg.chain ${one}`).count()));
      at.hold(cases >= 7 && links >= 3 && drawn[0] === cases && drawn[1] === links, `the chains are ${drawn}, not ${cases} cases and ${links} links`);
      await at.see();
      await at.page.locator('svg.chain').scrollIntoViewIfNeeded();
      await at.see('outbreak-chain');
      await to(at, '#/outbreak?case=C-1', '.clock-table table');
      await at.page.waitForFunction(() => document.querySelectorAll('.halves table').length === 1 && document.querySelectorAll('svg.chain circle').length === 4);
      await at.see('outbreak-case');
    },
  },
];
