// The topics of the open room: names for the chips, and the list at the left.
import * as api from './api.js';
import { $, colour, el, guard, icon, soon } from './dom.js';
import { t, number } from './i18n.js';

const PAGES_FOR_NAMES = 10;
const SHOWN_PEOPLE = 3;

const known = new Map();
const doubted = new Set(); // known ones that may have another name by now
let room = null;
let level = 'high';
let chosen = null;
let cursor = null;
let pages = 1;
let on = { choose() {}, jump() {}, named() {}, listed() {} };

export const find = id => known.get(id);

/** @param handlers `choose(topic)`, `jump(id)` to the message that an outcome cites, `named()` once names became known or changed, `listed()` once the list is new. */
export function start(handlers) {
  on = handlers;
  for (const button of $('levels').children) {
    button.addEventListener('click', guard(() => {
      level = button.dataset.level;
      pages = 1;
      return list();
    }));
  }
  $('topics-more').addEventListener('click', guard(() => { pages++; return list(); }));
}

export function reset(id, topics) {
  room = id;
  known.clear();
  doubted.clear();
  unnamed.clear();
  chosen = cursor = null;
  pages = 1;
  for (const topic of topics) known.set(topic.topicId, topic);
  $('topics-pane').hidden = false;
  draw([]);
}

export function choose(id) {
  chosen = id;
  for (const line of $('topics-pane').querySelectorAll('[data-id]')) line.firstElementChild.setAttribute('aria-pressed', String(line.dataset.id === id));
}

/** Asks for the list again. */
export async function list() {
  const asked = room;
  for (const button of $('levels').children) button.setAttribute('aria-pressed', String(button.dataset.level === level));
  const found = [];
  cursor = null;
  for (let page = 0; page < pages; page++) {
    const answer = await api.topics(asked, level, cursor);
    if (asked !== room) return;
    found.push(...answer.items);
    cursor = answer.nextCursor;
    if (!cursor) break;
  }
  take(found);
  draw(found);
  on.listed();
}

const unnamed = new Set();
const nameUnnamed = soon(150, () => {
  const ids = [...unnamed];
  unnamed.clear();
  if (room) nameAll(ids).catch(() => {});
});

const isUnsure = id => !known.has(id) || doubted.has(id);

/** Learns the names of those conversations that are not known yet. */
export function nameSoon(ids) {
  for (const id of ids) { if (id && isUnsure(id)) unnamed.add(id); }
  if (unnamed.size > 0) nameUnnamed();
}

/** The conversations of the room, page by page, the latest first; not without end. */
export async function* conversations() {
  const asked = room;
  for (let page = 0, next = null; page < PAGES_FOR_NAMES; page++) {
    const answer = await api.topics(asked, 'high', next);
    if (asked !== room) return;
    yield answer;
    next = answer.nextCursor;
    if (!next) return;
  }
}

async function nameAll(ids) {
  let learned = false;
  if (ids.some(isUnsure)) {
    for await (const { items } of conversations()) {
      learned = learn(items) || learned;
      if (!ids.some(isUnsure)) break;
    }
  }
  if (learned) on.named();
}

export const listSoon = soon(1000, () => { if (room) list().catch(() => {}); });

/** Topics came, went, or changed their names. */
export function doubt() {
  for (const id of known.keys()) doubted.add(id);
  listSoon();
}

/** Topics as they are now. */
export function take(topics) { if (learn(topics)) on.named(); }

function learn(topics) {
  let isNew = false;
  for (const topic of topics) {
    isNew ||= known.get(topic.topicId)?.name !== topic.name;
    known.set(topic.topicId, topic);
    doubted.delete(topic.topicId);
  }
  return isNew;
}

export function people(topic) {
  const names = topic.participants.slice(0, SHOWN_PEOPLE).map(person => person.nickname).join(', ');
  const others = topic.participants.length - SHOWN_PEOPLE;
  return others > 0 ? t('topics.others', { people: names, n: others }) : names;
}

function draw(found) {
  $('topics-empty').hidden = found.length > 0;
  $('topics-more').hidden = !cursor;
  const position = $('topics-pane').scrollTop;
  // What nobody answered stands below the conversations.
  const single = found.filter(topic => topic.messageCount < 2);
  const talks = found.filter(topic => topic.messageCount >= 2);
  $('topics').replaceChildren(...talks.map(entry));
  $('topics-single').replaceChildren(...single.map(entry));
  $('topics-rest').hidden = single.length === 0;
  $('topics-rest-title').textContent = `${t('topics.single')} · ${number(single.length)}`;
  if (talks.length === 0) $('topics-rest').open = true;
  $('topics-pane').scrollTop = position;
}

const sign = (name, label) => el('span', { class: 'sign', role: 'img', 'aria-label': label, title: label }, icon(name));

/** A small mark where a person gave the name. */
export const byHand = topic => topic.nameSource === 'user' && sign('edit', t('topics.byHand'));

const entry = topic => el('li', { 'data-id': topic.topicId },
  colour(el('button', { type: 'button', class: 'topic', 'aria-pressed': String(topic.topicId === chosen), onclick: () => on.choose(topic) },
    el('span', { class: 'topic-name' }, topic.name),
    el('span', { class: 'topic-count', title: t('topics.facts', { n: number(topic.messageCount), people: '' }) }, topic.drift && sign('split', t('drift')), byHand(topic), number(topic.messageCount)),
    !topic.outcome && el('span', { class: 'topic-people' }, people(topic))), topic.topicId),
  topic.outcome && el('button', { type: 'button', class: 'topic-outcome', title: t('outcome.show'), onclick: () => on.jump(topic.outcome.citations[0]) },
    el('span', {}, topic.outcome.text)));
