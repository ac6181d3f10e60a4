// The pages of a person and of a place, and the finder: how they are opened, what they say,
// and that nobody's id gets into an address.
async function begin(at, hash = '') {
  await at.page.goto(`${at.city.origin}/${hash}`);
  await at.page.waitForSelector('main h1');
}

// The reference and the purpose, once for a window.
async function rest(at, kind, id, purpose) {
  await at.page.locator('.look input').fill(id);
  await at.page.locator('.look select').first().selectOption(kind);
  await at.page.locator('.look select').nth(1).selectOption(purpose);
  await at.page.locator('.look button[type=submit]').click();
}

const namesNobody = (at) => at.hold(!/P-\d|HH-|演练甲|10000000/.test(decodeURIComponent(at.page.url())), `an id of a person stands in the address: ${at.page.url()}`);

// Everything the browser asked, as addresses.
function listen(at) {
  const asked = [];
  at.page.on('request', (one) => asked.push(decodeURIComponent(one.url())));
  return asked;
}

export const personSteps = [
  {
    name: 'person',
    async run(at) {
      const asked = listen(at);
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/person`);
      await at.page.waitForSelector('.look input');
      await at.see('person-ask');
      // Nothing is asked of them before the purpose.
      await at.page.locator('form.filters input').fill('P-0000007');
      await at.page.locator('form.filters button[type=submit]').click();
      await at.page.getByRole('status').filter({ hasText: 'P-0000007' }).waitFor();
      at.hold(!asked.some((one) => /query$/.test(one)), `a person is asked for without a purpose: ${asked}`);
      await rest(at, 'case', 'C-0002', 'trace-contacts');
      await at.page.locator('ul.standing').waitFor();
      await at.page.waitForFunction(() => document.querySelectorAll('.person tr[data-row]').length >= 5);
      const shown = await at.page.innerText('main');
      for (const one of ['T-9001', 'O-1', 'C-0002', 'MK-0000000'])
        at.hold(shown.includes(one), `${one} is on the page of the person`);
      // What the ledger says of a letter (where the steps of letters have sent it) is said in
      // the reader's words, and no field by its code.
      const letter = at.page.locator('.person tr[data-row]', { hasText: 'XC-2021-1207' }).first();
      if (await letter.count() > 0) {
        await letter.getByText(/对方地区|other region/).waitFor();
        at.hold(at.look.language !== 'zh' || !/letter|region|control/.test(await letter.innerText()), `codes stand in the ledger: ${await letter.innerText()}`);
      }
      at.hold(/阴性|negative/.test(shown) && /密接|close/.test(shown), 'how they stand is said');
      namesNobody(at);
      at.hold(!asked.some((one) => one.includes('P-0000007')), 'an id of a person stands in an address that was asked');
      await at.see();
      if (at.look.name === 'zh') {
        await at.page.emulateMedia({ media: 'print' });
        at.hold(/lin/.test(await at.page.innerText('.on-paper')), 'the paper says who printed it');
        await at.page.screenshot({ path: `${at.pictures}/person-print.png`, fullPage: true });
        await at.page.emulateMedia({ media: 'screen' });
        await at.page.setViewportSize({ width: 1920, height: 1080 });
        await at.see('person-wide');
      }
      // A place in the list leads to its page, which may stand in the address.
      await at.page.locator('.person a', { hasText: 'MK-0000000' }).first().click();
      await at.page.waitForFunction(() => location.hash.includes('place=MK-0000000'));
      // Read anew, nobody is shown: memory alone knew who it was.
      await at.page.goto(`${at.city.origin}/#/person`);
      await at.page.reload();
      await at.page.waitForSelector('.look input');
      at.hold(!(await at.page.innerText('main')).includes('P-0000007'), 'a person is remembered over a reload');
    },
  },
  {
    name: 'person-unknown',
    once: true,
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/person`);
      await at.page.waitForSelector('.look input');
      await rest(at, 'case', 'C-0002', 'trace-contacts');
      at.expected.refusals = 9;
      await at.page.locator('form.filters input').fill('P-9999999');
      await at.page.locator('form.filters button[type=submit]').click();
      await at.page.locator('main .wrong').first().waitFor();
      await at.page.waitForFunction(() => !document.querySelector('ul.standing')?.textContent.includes('正在读取'));
      at.hold(!/此刻无管控|未列为接触者|不是病例|没有采样记录/.test(await at.page.innerText('main')), 'of somebody who is not found it is said that there is nothing');
      await at.see();
      at.expected.refusals = 0;
    },
  },
  {
    name: 'place',
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/place?place=MK-0000000`);
      // What it is and what is known of it are asked apart.
      await at.page.waitForFunction(() => document.querySelectorAll('.person tr[data-row]').length >= 4 && ['演练市场0000000', 'C-0002', 'E-0001'].every((one) => document.querySelector('main').innerText.includes(one)));
      const shown = await at.page.innerText('main');
      for (const one of ['演练市场0000000', 'C-0002', 'E-0001', '990101'])
        at.hold(shown.includes(one), `${one} is on the page of the place`);
      await at.page.locator('main .tag').first().waitFor(); // what is overdue there has the alarm
      await at.see();
      // Who was there: by the time of the case, with a purpose of its own.
      await at.page.locator('td.of-ask button').first().click();
      await at.page.locator('#who select').selectOption('trace-contacts');
      await at.page.locator('#who button[type=submit]').click();
      await at.page.locator('#who tr[data-row] a').first().waitFor();
      await at.see('place-who');
      if (at.look.name === 'zh') {
        await at.page.emulateMedia({ media: 'print' });
        await at.page.screenshot({ path: `${at.pictures}/place-print.png`, fullPage: true });
        await at.page.emulateMedia({ media: 'screen' });
      }
      await at.page.locator('#who tr[data-row] a').first().click();
      await at.page.locator('ul.standing').waitFor();
      namesNobody(at);
    },
  },
  {
    name: 'place-commander',
    once: true,
    async run(at) {
      await begin(at);
      await at.logIn('hu');
      await at.page.goto(`${at.city.origin}/#/place?place=MK-0000000`);
      await at.page.waitForFunction(() => document.querySelectorAll('.person tr[data-row]').length >= 2);
      at.hold(await at.page.locator('#who').count() === 0, 'a commander is offered who was there');
      at.hold((await at.page.innerText('main')).includes('不等于没有'), 'what a role does not read is not said to be none');
      await at.see();
    },
  },
  {
    name: 'place-home',
    once: true,
    async run(at) {
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/place`);
      await at.page.locator('main form input').fill('H-0000000');
      await at.page.locator('main form button[type=submit]').click();
      await at.page.locator('main .wrong').first().waitFor();
      at.hold(!at.page.url().includes('H-0000000'), 'the id of a home stands in the address');
      at.hold(!/没有判定过暴露|本场所漏洞/.test(await at.page.innerText('main')), 'of a place that is not found it is said that there is nothing');
      await at.see();
    },
  },
  {
    name: 'finder',
    async run(at) {
      const asked = listen(at);
      await begin(at);
      await at.logIn('lin');
      await at.page.waitForSelector('tr[data-row]');
      await at.page.keyboard.press('Control+k');
      await at.page.waitForSelector('dialog[open] [role=option]');
      const found = (text) => at.page.waitForFunction((one) => [...document.querySelectorAll('[role=option]')].some((option) => option.textContent.includes(one)), text);
      // A place by its name, a grid by its name, a case and a tube by their numbers.
      await at.page.keyboard.type('演练市场');
      await found('MK-0000000');
      await at.see();
      await at.page.fill('[role=combobox]', '青竹');
      await found('990101002');
      // One that the city was told no name of, by its code.
      await at.page.fill('[role=combobox]', '990101777');
      await found('990101777');
      await at.page.fill('[role=combobox]', 'C-0003');
      await found('C-0003');
      await at.page.fill('[role=combobox]', 'T-9001');
      await found(at.look.language === 'zh' ? '阴性' : 'negative');
      await at.page.keyboard.press('Enter');
      await at.page.waitForFunction(() => location.hash.includes('tube_id=T-9001'));
      // People: not before Enter, and not without a purpose.
      await at.page.keyboard.press('Control+k');
      await at.page.waitForSelector('[role=combobox]');
      await at.page.keyboard.type('演练甲0000010');
      await at.page.waitForTimeout(500);
      at.hold(!asked.some((one) => one.includes('find_person')), 'people are sought before Enter');
      await at.page.keyboard.press('ArrowUp');
      await at.page.keyboard.press('Enter');
      await at.page.waitForSelector('dialog .look input');
      await at.see('finder-look');
      at.hold(!asked.some((one) => one.includes('find_person')), 'people are sought without a purpose');
      await rest(at, 'case', 'C-0002', 'trace-contacts');
      await found('P-0000010');
      await at.see('finder-people');
      await at.page.keyboard.press('Enter');
      await at.page.locator('ul.standing').waitFor();
      await at.page.getByRole('heading', { name: '演练甲0000010' }).waitFor();
      namesNobody(at);
      at.hold(!asked.some((one) => /演练|P-\d{7}/.test(one)), `what was typed stands in an address: ${asked.filter((one) => /演练|P-\d{7}/.test(one))}`);
      // Esc closes it, and it forgets.
      await at.page.keyboard.press('Control+k');
      await at.page.waitForSelector('[role=combobox]');
      await at.page.keyboard.type('x');
      await at.page.keyboard.press('Escape');
      await at.page.waitForSelector('dialog', { state: 'detached' });
      await at.page.keyboard.press('Control+k');
      await at.page.waitForSelector('[role=combobox]');
      at.hold(await at.page.inputValue('[role=combobox]') === '', 'the finder remembers what was typed');
    },
  },
  {
    name: 'finder-commander',
    once: true,
    async run(at) {
      await begin(at);
      await at.logIn('hu');
      await at.page.waitForSelector('tr[data-row]');
      await at.page.keyboard.press('Control+k');
      await at.page.waitForSelector('[role=combobox]');
      await at.page.keyboard.type('张三');
      await at.page.waitForTimeout(400);
      at.hold(await at.page.locator('[role=option]').count() === 0, 'a commander, who sees counts, is offered to seek people');
      await at.see();
    },
  },
  {
    // A person is found by name where an id is asked for: in a list's filter, and several in
    // one letter; not before reference and purpose are said.
    name: 'named-person',
    async run(at) {
      const asked = listen(at);
      await begin(at);
      await at.logIn('lin');
      await at.page.goto(`${at.city.origin}/#/views/register/persons`);
      await at.page.waitForSelector('.look input');
      const filter = at.page.locator('.filters .named').first(), input = filter.locator('input');
      await input.fill('演练乙0001701');
      at.hold(await filter.locator('li').count() === 0 && /Ctrl-K/.test(await filter.innerText()), 'people are sought before a purpose is said');
      await rest(at, 'case', 'C-0001', 'trace-contacts');
      await at.page.locator('tr[data-row]').first().waitFor();
      await input.fill('演练乙0001701');
      await filter.locator('li').first().click();
      await filter.locator('li', { hasText: 'P-0001701' }).waitFor();
      await at.see();
      await input.press('ArrowDown');
      await input.press('Enter');
      at.hold(await input.inputValue() === 'P-0001701' && /演练乙0001701/.test(await filter.innerText()), `a person is picked by name: ${await filter.innerText()}`);
      await at.page.locator('.filters button[type=submit]').click();
      await at.page.waitForFunction(() => document.querySelectorAll('tr[data-row]').length === 1);
      namesNobody(at);
      // In a letter: one by name beside one by id.
      await at.page.goto(`${at.city.origin}/#/views/tracing/letters`);
      const box = at.page.locator('.record').first();
      await box.locator('button').first().click();
      const many = box.locator('form .named.many'), persons = many.locator('input');
      await persons.fill('P-0000011、演练乙0001701');
      await many.locator('li').first().click();
      await many.locator('li', { hasText: 'P-0001701' }).click();
      at.hold(await persons.inputValue() === 'P-0000011、P-0001701、' && /演练乙0001701/.test(await many.innerText()), `whom a letter is about: ${await persons.inputValue()}`);
      await at.see('named-letter');
      at.hold(!asked.some((one) => /演练乙0001701|P-0001701/.test(one)), 'who is sought stands in an address');
    },
  },
];
