// Two people in a real browser against a running server.
//   AICHAT_URL        where it listens, e.g. http://127.0.0.1:5080
//   AICHAT_ARTIFACTS  a folder for screenshots (none: no screenshots)
//   AICHAT_ENCODER    set where the server has a sentence encoder
//   CHROMIUM          the browser; /usr/bin/chromium
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const url = `${(process.env.AICHAT_URL ?? 'http://127.0.0.1:5080').replace(/\/+$/, '')}/`;
const artifacts = process.env.AICHAT_ARTIFACTS;
const demo = fileURLToPath(new URL('../../docs/demo/busy-room.jsonl', import.meta.url));
const said = (await readFile(demo, 'utf8')).trim().split('\n').map(line => JSON.parse(line).content);
const roomName = `busy room ${Date.now()}`;
const patience = 30_000;

let browser;
let scratch;
let minji;
let theo;
const faults = [];
const refusedOnPurpose = /status of (400|401|404|409|503)|ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/;

async function person(nickname, options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  page.on('pageerror', error => faults.push(`${nickname}: ${error.message}`));
  page.on('console', line => { if (line.type() === 'error' && !refusedOnPurpose.test(line.text())) faults.push(`${nickname}: ${line.text()}`); });
  await page.goto(url);
  await page.locator('#nickname').fill(nickname);
  await page.locator('#join-form button').click();
  await page.locator('#app').waitFor();
  return page;
}

const message = (page, text) => page.locator('#messages > .message', { has: page.locator('.text', { hasText: text }) });
const say = async (page, text) => { await page.locator('#content').fill(text); await page.locator('#content').press('Enter'); };
const shot = async (page, name) => { if (artifacts) await page.screenshot({ path: join(artifacts, `${name}.png`) }); };
const count = (page, selector) => page.locator(selector).count();

// Topics, by exact names: the entry in the list, its size, and the view of its messages alone.
const entry = (page, name) => page.locator('#topics-pane .topic', { has: page.getByText(name, { exact: true }) }).first();
const sizeOf = async (page, name) => Number((await entry(page, name).locator('.topic-count').textContent()).replace(/\D/g, ''));
const view = async (page, name) => {
  if (await entry(page, name).getAttribute('aria-pressed') !== 'true') await entry(page, name).click();
  await page.locator('#filter .chip').getByText(name, { exact: true }).waitFor();
};
const shows = (page, n) => page.waitForFunction(wanted => document.querySelectorAll('#found-messages > .message').length === wanted, n);
const picked = async (page, name) => {
  await page.locator('#chooser-filter').fill(name);
  await page.locator('.choice', { has: page.getByText(name, { exact: true }) }).first().click();
};
const undone = page => page.locator('.toast').last().getByRole('button').first().click();
const talks = page => page.locator('#topics .topic').evaluateAll(entries => entries.map(each => ({
  name: each.querySelector('.topic-name').textContent, size: Number(each.querySelector('.topic-count').textContent.replace(/\D/g, '')),
})).filter((each, i, all) => all.findIndex(other => other.name === each.name) === i));

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  if (artifacts) await mkdir(artifacts, { recursive: true });
  scratch = await mkdtemp(join(tmpdir(), 'aichat-browser-'));
  theo = await person('theo', { locale: 'en-GB', colorScheme: 'light' });
  minji = await person('민지', { locale: 'ko-KR', colorScheme: 'dark' });
});

after(async () => {
  await browser?.close();
  if (scratch) await rm(scratch, { recursive: true });
});

afterEach(() => assert.deepEqual(faults.splice(0), [], 'the page threw, or broke its own content security policy'));

test('One opens a room, the other sees it appear and enters', async () => {
  await theo.locator('#room-name').fill(roomName);
  await theo.locator('#room-name').press('Enter');
  await theo.locator('#room-title', { hasText: roomName }).waitFor();
  await minji.locator('.room', { hasText: roomName }).click();
  await minji.locator('#room-title', { hasText: roomName }).waitFor();
  assert.equal(await minji.locator('html').getAttribute('lang'), 'ko');
});

test('They see each other at once, and a topic chip appears on what they said', async () => {
  await say(theo, 'did the nightly build of falcon pass?');
  await message(minji, 'nightly build of falcon').waitFor();
  await say(minji, 'theo: 네 통과했어요, 로그 올려 둘게요');
  await message(theo, '통과했어요').waitFor();
  for (const page of [theo, minji]) {
    await message(page, 'nightly build of falcon').locator('button.chip').waitFor();
    await page.locator('#topics-pane .topic').first().waitFor();
  }
});

test('Markup that somebody sends stays text', async () => {
  const markup = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  await say(theo, markup);
  const line = message(minji, 'onerror');
  await line.waitFor();
  assert.equal(await line.locator('.text').textContent(), markup);
  assert.equal(await count(minji, '#messages img, #messages script'), 0);
  assert.doesNotMatch(await minji.title(), /taken/);
});

test('An answer shows what it answers; edits and deletions reach the other', async () => {
  const asked = message(minji, 'nightly build of falcon').first();
  await asked.hover();
  await asked.locator('.actions button').first().click();
  await say(minji, '다시 확인했는데 괜찮아요');
  await message(theo, '다시 확인했는데').locator('.quote', { hasText: 'nightly build of falcon' }).waitFor();

  await say(theo, 'thanks, see you tomorow');
  const mine = message(theo, 'see you tomorow');
  await mine.hover();
  await mine.locator('.actions').getByLabel('Edit').click();
  await say(theo, 'thanks, see you tomorrow');
  await message(minji, 'see you tomorrow').locator('.edited').waitFor();

  const gone = message(theo, 'see you tomorrow');
  await gone.hover();
  await gone.locator('.actions').getByLabel('Delete').click();
  await theo.locator('#confirm button[value=yes]').click();
  await minji.locator('#messages .gone').waitFor();
  assert.equal(await count(minji, '#messages :text("see you tomorrow")'), 0);
});

test('A message that could not be sent is sent again, once', async () => {
  let refusals = 2;
  await theo.route(/\/chat\/[^/]+$/, route => (route.request().method() === 'POST' && refusals-- > 0 ? route.abort() : route.continue()));
  await say(theo, 'this one had a rough way');
  await message(minji, 'rough way').waitFor();
  await theo.unroute(/\/chat\/[^/]+$/);
  await theo.waitForFunction(() => document.querySelector('#pending').childElementCount === 0);
  assert.equal(await message(theo, 'rough way').count(), 1);
  assert.equal(await message(minji, 'rough way').count(), 1);
});

test('Who was away sees what was said meanwhile', async () => {
  await minji.context().setOffline(true);
  await minji.evaluate(() => window.dispatchEvent(new Event('offline')));
  for (const text of ['while you were away: one', 'while you were away: two']) {
    await say(theo, text);
    await message(theo, text).waitFor();
  }
  await minji.context().setOffline(false);
  await message(minji, 'away: two').waitFor();
  assert.equal(await message(minji, 'while you were away').count(), 2);
});

test('A wrong line of a transcript is shown with its number, the others are taken in', async () => {
  const file = join(scratch, 'odd.jsonl');
  await writeFile(file, '{"nickname":"mina","content":"a good line","createdAt":"2026-11-19T08:00:00Z"}\nnot json at all\n');
  await theo.locator('#menu summary').click();
  await theo.locator('#import').click();
  await theo.locator('#file').setInputFiles(file);
  await theo.locator('#import-go').click();
  await theo.locator('.rejected li', { hasText: '2' }).waitFor();
  await theo.locator('#import-close').click();
  await message(theo, 'a good line').waitFor();
});

test('The demo room is poured in and its topics appear', async () => {
  await theo.locator('#menu summary').click();
  await theo.locator('#import').click();
  await theo.locator('#file').setInputFiles(demo);
  await theo.locator('#import-go').click();
  await theo.locator('#import-result .done').waitFor();
  await shot(theo, 'import');
  await theo.locator('#import-close').click();
  await message(theo, said.at(-1)).last().waitFor();
  await theo.waitForFunction(() => document.querySelectorAll('#topics-pane .topic').length >= 6);
  await theo.waitForFunction(() => document.querySelectorAll('#messages .chip.waiting').length === 0);
  await message(minji, said.at(-1)).last().waitFor();
  await theo.waitForTimeout(1500);
  await shot(theo, 'room-1280');
  await shot(minji, 'room-1280-dark');
});

test('Scrolling up loads what is older, and the place is kept', async () => {
  const known = await count(theo, '#messages > .message');
  await theo.locator('#scroller').evaluate(box => { box.scrollTop = 0; });
  await theo.waitForFunction(n => document.querySelectorAll('#messages > .message').length > n, known);
  assert.ok(await theo.locator('#scroller').evaluate(box => box.scrollTop) > 100, 'the view jumped to the top');
});

test('A topic that is clicked shows its messages alone', async () => {
  const topic = theo.locator('#topics-pane .topic').nth(1);
  const size = Number((await topic.locator('.topic-count').textContent()).replace(/\D/g, ''));
  const name = await topic.locator('.topic-name').textContent();
  await topic.click();
  await theo.locator('#filter .chip', { hasText: name }).waitFor();
  await theo.waitForFunction(n => document.querySelectorAll('#found-messages > .message').length === n, size);
  assert.equal(await theo.locator('#scroller').isVisible(), false);
  await shot(theo, 'topic-1280');
  await theo.locator('#filter-clear').click();
  await theo.locator('#scroller').waitFor();
  for (const level of ['mid', 'low', 'high']) {
    await theo.locator(`#levels [data-level=${level}]`).click();
    await theo.locator(`#levels [data-level=${level}][aria-pressed=true]`).waitFor();
    await theo.locator('#topics-pane .topic').first().waitFor();
  }
});

test('What a talk came to stands below its name as text, and leads to the message that says so', async () => {
  const outcome = theo.locator('#topics .topic-outcome').last();
  const text = await outcome.textContent();
  assert.equal(await outcome.locator(':scope > span').evaluate(line => line.childElementCount), 0);
  await outcome.click();
  await theo.waitForFunction(() => document.activeElement?.closest('#messages > .message'));
  const shown = await theo.evaluate(() => document.activeElement.querySelector('.text').textContent);
  assert.ok(text.includes(shown.replace(/\s+/g, ' ').slice(0, 20)), `${text} / ${shown}`);
});

test('A search finds parts of Korean words and marks them', async () => {
  const [word] = said.map(text => text.match(/[가-힣]{4,}/)?.[0]).filter(Boolean).slice(-1);
  const part = word.slice(1, 4);
  await minji.locator('#search').fill(part);
  await minji.locator('#found-messages mark', { hasText: part }).first().waitFor();
  assert.equal(await count(minji, '#found-messages > .message'), said.filter(text => text.includes(part)).length);
  await shot(minji, 'search-1280-dark');
  await minji.locator('#by-meaning').click();
  if (process.env.AICHAT_ENCODER) {
    await minji.locator('#by-meaning[aria-pressed=true]').waitFor();
    await shows(minji, 20);
    await minji.locator('#by-meaning').click();
    await minji.locator('#by-meaning[aria-pressed=false]').waitFor();
  } else {
    await minji.locator('.toast', { hasText: 'EMBEDDING_MODEL' }).waitFor();
  }
  await minji.locator('#found-messages mark', { hasText: part }).first().waitFor();
  await minji.locator('#filter-clear').click();
});

test('A summary is made, and a citation leads to the message that it names', async () => {
  await theo.reload();
  await theo.locator('#room-title', { hasText: roomName }).waitFor();
  await theo.locator('#summarise').click();
  await theo.locator('#howmany').selectOption('500');
  await theo.locator('#summary-form button.primary').click();
  await theo.locator('.cite').first().waitFor();
  await shot(theo, 'summary-1280');
  const named = await theo.evaluate(() => {
    const onPage = new Set([...document.querySelectorAll('#messages > .message')].map(line => line.dataset.id));
    const cites = [...document.querySelectorAll('.cite')];
    return (cites.find(cite => !onPage.has(cite.dataset.cites)) ?? cites[0]).dataset.cites;
  });
  await theo.locator(`.cite[data-cites="${named}"]`).first().click();
  const line = theo.locator(`#messages > .message[data-id="${named}"]`);
  await line.waitFor();
  await theo.waitForFunction(id => document.activeElement?.dataset.id === id, named);
  await theo.waitForFunction(id => {
    const place = document.querySelector(`#messages > [data-id="${id}"]`).getBoundingClientRect();
    return place.top > 0 && place.bottom < innerHeight;
  }, named);
  await shot(theo, 'citation-1280');
});

test('A point is judged, and the language is chosen', async () => {
  await theo.locator('#summary .summed .vote').first().click();
  await theo.locator('#summary .summed .vote[aria-pressed=true]').first().waitFor();
  await theo.locator('#summary-language').selectOption('ko');
  await theo.locator('#summary-form button.primary').click();
  await theo.locator('#summary .cite').first().waitFor();
  await theo.locator('#summary-cancel').waitFor({ state: 'hidden' });
  assert.equal(await count(theo, '#summary .working'), 0);
  await theo.locator('#summary-close').click();
});

test('The owner plans a digest', async () => {
  await theo.locator('#summarise').click();
  await theo.locator('#digest-cadence').selectOption('daily');
  await theo.locator('#digest-hour').fill('7');
  await theo.locator('#digest-zone').fill('Mars/Olympus');
  await theo.locator('#digest-form button').click();
  await theo.locator('.toast.error').last().waitFor();
  await theo.locator('#digest-zone').fill('Asia/Seoul');
  await theo.locator('#digest-form button').click();
  await theo.locator('.toast', { hasText: /Saved|저장/ }).waitFor();
  await shot(theo, 'digest-1280');
  await theo.reload();
  await theo.locator('#room-title', { hasText: roomName }).waitFor();
  await theo.locator('#summarise').click();
  assert.deepEqual([await theo.locator('#digest-cadence').inputValue(), await theo.locator('#digest-hour').inputValue(), await theo.locator('#digest-zone').inputValue()], ['daily', '7', 'Asia/Seoul']);
  await theo.locator('#digest-cadence').selectOption('off');
  await theo.locator('#digest-form button').click();
  await theo.locator('.toast', { hasText: /Saved|저장/ }).waitFor();
  await theo.locator('#summary-close').click();
  await minji.locator('#summarise').click();
  await minji.locator('#summary').waitFor();
  assert.equal(await minji.locator('#digest-form').isVisible(), false);
  await minji.locator('#summary-close').click();
});

test('All is sorted again as a job', async () => {
  await theo.locator('#menu summary').click();
  await theo.locator('#reclassify').click();
  await theo.locator('.toast', { hasText: 'All messages were sorted again.' }).waitFor();
  assert.equal(await count(theo, '.toast.error'), 0);
});

test('A name that a person gives reaches everybody as text, and is taken back from the note', async () => {
  const [{ name }] = await talks(theo);
  const given = '<img src=x onerror=alert(1)> 배포 준비 🚀';
  await view(theo, name);
  await theo.locator('#rename').click();
  await theo.locator('#rename-name').fill('가'.repeat(81));
  await theo.locator('#rename-name').press('Enter');
  await theo.locator('#rename-problem', { hasText: 'at most 80' }).waitFor();
  await shot(theo, 'rename-1280');
  await theo.locator('#rename-name').fill(given);
  await theo.locator('#rename-name').press('Enter');
  await theo.locator('#filter .chip', { hasText: given }).waitFor();
  await entry(minji, given).locator('.sign').waitFor();
  await minji.locator('#messages .chip', { hasText: given }).first().waitFor();
  for (const page of [theo, minji]) assert.equal(await count(page, '#side img[src=x], #talk img, #toasts img'), 0);
  await theo.locator('.toast', { hasText: given }).waitFor();
  await shot(theo, 'renamed-1280');
  await undone(theo);
  await entry(minji, name).waitFor();
  await theo.locator('#filter .chip', { hasText: name }).waitFor();
  assert.equal(await entry(theo, given).count(), 0);
  await theo.locator('#filter-clear').click();
});

test('Two conversations become one; somebody else takes that back from the list', async () => {
  const [, one, other] = await talks(theo);
  await view(theo, one.name);
  await shows(theo, one.size);
  await theo.locator('#merge').click();
  await theo.locator('.choice input:disabled').waitFor();
  await theo.locator('#chooser-filter').press('ArrowDown');
  assert.equal(await count(theo, '.choice :checked'), 1);
  await picked(theo, other.name);
  await theo.locator('#chooser-note', { hasText: one.name }).waitFor();
  await shot(theo, 'merge-1280');
  await view(minji, other.name);
  await theo.locator('#chooser-go').click();
  await shows(theo, one.size + other.size);
  await entry(minji, other.name).waitFor({ state: 'detached' });
  await minji.locator('#filter').waitFor({ state: 'hidden' });

  await minji.locator('#menu summary').click();
  await minji.locator('#corrections').click();
  const line = minji.locator('#corrections-list li').first();
  await line.filter({ hasText: 'theo' }).filter({ hasText: '합쳤어요' }).waitFor();
  await shot(minji, 'corrections-1280-dark');
  await line.getByRole('button').click();
  await minji.locator('#corrections-list li.undone').first().waitFor();
  await minji.locator('#corrections-dialog .dialog-foot button').click();
  await entry(minji, other.name).waitFor();
  await shows(theo, one.size);
  await theo.locator('#filter-clear').click();
});

test('Chosen messages become a conversation of their own, and one is moved there', async () => {
  const name = '점심 메뉴 🍜';
  const from = (await talks(theo)).find(topic => topic.size >= 6);
  await view(theo, from.name);
  await shows(theo, from.size);
  await theo.locator('#split').click();
  assert.equal(await theo.locator('#split-go').isDisabled(), true);
  const boxes = theo.locator('#found-messages .pick');
  await boxes.nth(0).click();
  await boxes.nth(2).click({ modifiers: ['Shift'] });
  await boxes.nth(1).press(' ');
  for (let twice = 0; twice < 2; twice++) await theo.locator('#found-messages .body').nth(3).click();
  await theo.locator('#split-count', { hasText: '2' }).waitFor();
  await theo.locator('#split-name').fill(name);
  await shot(theo, 'split-1280');
  await theo.locator('#split-go').click();
  await shows(theo, from.size - 2);
  await theo.locator('#split-form').waitFor({ state: 'hidden' });
  assert.equal(await count(theo, '.pick'), 0);
  await entry(minji, name).waitFor();

  await theo.locator('#found-messages > .message').last().hover();
  const moved = await theo.locator('#found-messages > .message').last().getAttribute('data-id');
  await theo.locator('#found-messages > .message').last().getByLabel('Move…').click();
  await picked(theo, name);
  await shot(theo, 'move-1280');
  await theo.locator('#chooser-go').click();
  await shows(theo, from.size - 3);
  await minji.locator(`#messages > [data-id="${moved}"] .chip`, { hasText: name }).waitFor();
  await theo.locator('.toast', { hasText: 'Moved a message' }).waitFor();
  await undone(theo);
  await shows(theo, from.size - 2);
  await theo.locator('#filter-clear').click();
});

test('What a later correction builds on is not taken back, and the list says why', async () => {
  for (const [before, after] of [['점심 메뉴 🍜', '저녁 메뉴'], ['저녁 메뉴', '야식 🌙']]) {
    await view(minji, before);
    await minji.locator('#rename').click();
    await minji.locator('#rename-name').fill(after);
    await minji.locator('#rename-name').press('Enter');
    await minji.locator('.toast', { hasText: after }).waitFor();
    await entry(minji, after).waitFor();
  }
  await minji.locator('#menu summary').click();
  await minji.locator('#corrections').click();
  await minji.locator('#corrections-list li').nth(1).getByRole('button').click();
  await minji.locator('#corrections-problem', { hasText: 'builds on' }).waitFor();
  await shot(minji, 'built-upon-1280-dark');
  await minji.locator('#corrections-dialog .dialog-foot button').click();
  await minji.locator('#filter-clear').click();
});

test('Where a conversation turned to something else, a split is offered with all that came after', async () => {
  const { name, size } = (await talks(minji)).find(topic => topic.size >= 6 && topic.size <= 90);
  await view(minji, name);
  await shows(minji, size);
  const turn = await minji.locator('#found-messages > .message').nth(2).getAttribute('data-id');
  await minji.locator('#filter-clear').click();
  await minji.route(/\/topics\?/, async route => {
    const answer = await route.fetch();
    const page = await answer.json();
    for (const topic of page.items) if (topic.name === name) topic.drift = { fromMessageId: turn };
    await route.fulfill({ response: answer, json: page });
  });
  await minji.route(/topicId=/, route => route.continue({ url: route.request().url().replace('limit=100', 'limit=3') }));
  await minji.locator('#levels [data-level=high]').click();
  await entry(minji, name).locator('.sign').waitFor();
  await view(minji, name);
  await minji.locator('#drift', { hasText: '다른 이야기로' }).waitFor();
  await shot(minji, 'drift-1280-dark');
  await minji.locator('#drift-split').click();
  await minji.locator('#split-count', { hasText: String(size - 2) }).waitFor();
  assert.equal(await count(minji, '.pick:checked'), size - 2);
  await shot(minji, 'drift-split-1280-dark');
  await minji.keyboard.press('Escape');
  assert.equal(await count(minji, '.pick'), 0);
  await minji.unrouteAll();
  await minji.locator('#filter-clear').click();
});

test('What is not read is counted in the list of rooms', async () => {
  const other = `quiet room ${Date.now()}`;
  await minji.locator('#room-name').fill(other);
  await minji.locator('#room-name').press('Enter');
  await minji.locator('#room-title', { hasText: other }).waitFor();
  await say(theo, 'one for the counter');
  await minji.locator('.room', { hasText: roomName }).locator('.unread').waitFor();
  await minji.locator('.room', { hasText: roomName }).click();
  await minji.locator('.new-line').waitFor();
  await minji.waitForFunction(() => !document.querySelector('.room[aria-current] .unread'));
});

test('It fits a telephone', async () => {
  const phone = await person('하은', { viewport: { width: 375, height: 720 }, locale: 'ko-KR', hasTouch: true, isMobile: true });
  await shot(phone, 'rooms-375');
  await phone.locator('.room', { hasText: roomName }).click();
  await message(phone, 'one for the counter').waitFor();
  await phone.waitForTimeout(500);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 375);
  await shot(phone, 'room-375');
  await phone.locator('#side-open').click();
  await phone.locator('#topics-pane .topic').first().waitFor();
  await phone.waitForTimeout(300);
  await shot(phone, 'topics-375');
  await phone.locator('#topics-pane .topic').first().click();
  await phone.locator('#found-messages > .message').first().waitFor();
  await shot(phone, 'topic-375');
  await phone.locator('#split').click();
  await phone.locator('.pick').first().tap();
  await shot(phone, 'split-375');
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 375);
  await phone.locator('#split-cancel').click();
  await phone.locator('#merge').click();
  await phone.locator('.choice:has(:enabled)').first().tap();
  await shot(phone, 'merge-375');
  await phone.locator('#chooser [data-close]').click();
  await phone.locator('#menu summary').click();
  await phone.locator('#corrections').click();
  await phone.locator('#corrections-list li').first().waitFor();
  await shot(phone, 'corrections-375');
  await phone.locator('#corrections-dialog .dialog-foot button').click();
  await phone.locator('#summarise').click();
  await phone.locator('#summary .cite').first().waitFor();
  await shot(phone, 'summary-375');
  await phone.locator('#summary .cite').first().click();
  await phone.locator('#summary').waitFor({ state: 'hidden' });
  await phone.context().close();
});

test('Leaving ends the session', async () => {
  await minji.locator('#logout').click();
  await minji.locator('#join').waitFor();
  await minji.reload();
  await minji.locator('#join').waitFor();
  await shot(minji, 'join-1280-dark');
});
