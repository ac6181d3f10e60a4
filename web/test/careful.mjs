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
];
