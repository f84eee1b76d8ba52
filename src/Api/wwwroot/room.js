// The open room: what it shows, what arrives live, what was missed, and what was read.
import * as api from './api.js';
import * as composer from './composer.js';
import * as hub from './hub.js';
import * as rooms from './rooms.js';
import * as topics from './topics.js';
import { $, ended, guard, mend, shorten, soon, toast } from './dom.js';
import { t, number } from './i18n.js';
import { messageView } from './message.js';
import { Timeline } from './timeline.js';

const MANY = 600; // missed messages beyond which the room is entered anew
const JUMP_PAGES = 60;
const EARLY = 2000;
const FLASH = 2500;

const state = { id: null, me: null, visit: 0, lastSeq: 0, rev: 0, readSeq: 0, newAfter: null, hasOlder: false, isLoading: false, unseen: 0, total: 0 };
const early = new Map(); // verdicts that came before their messages
const on = { topic: null, move: null, reply: composer.reply, edit: composer.edit, remove: guard(remove), jump: guard(id => jumpTo(id)) };
const look = {
  get me() { return state.me; }, get newAfter() { return state.newAfter; },
  topic: topics.find, find: id => timeline.find(id), marked: null, isFound: false, picking: null, on,
};

export const timeline = new Timeline($('messages'), $('scroller'), (message, above) => messageView(message, above, look));
export const current = () => state.id;
export const me = () => state.me;

/** @param handlers `topic(id)`: somebody chose a chip; `move(message)`: it belongs elsewhere. */
export function start(handlers) {
  Object.assign(on, handlers);
  $('scroller').addEventListener('scroll', () => {
    if ($('scroller').scrollTop < 300) loadOlder().catch(failed);
    showEnd();
    readSoon();
  }, { passive: true });
  $('to-end').addEventListener('click', () => timeline.toEnd());
  document.addEventListener('visibilitychange', readSoon);
  setInterval(() => {
    if (state.id && !document.hidden) fetchVerdicts().catch(() => {});
  }, 6000);
}

export const setMe = user => { state.me = user?.userId ?? null; };
export const drawNames = () => timeline.refresh(message => message.topicId || message.replyTo);
export const linesLook = overrides => Object.create(look, Object.getOwnPropertyDescriptors(overrides));

/** Opens a room from the beginning: its newest messages, its topics, then everything live. */
export async function enter(id) {
  const visit = ++state.visit;
  const left = state.id;
  if (left && left !== id && hub.isUp()) hub.invoke('leave', left).catch(() => {});
  const [entered, position] = [await api.enter(id), hub.isUp() ? await hub.invoke('join', id).catch(() => null) : null];
  if (visit !== state.visit) return null;
  const { room, messages, lastReadSeq, nextCursor } = entered;
  if (left !== id) early.clear();
  Object.assign(state, {
    id, lastSeq: messages.at(-1)?.seq ?? room.lastSeq, rev: room.rev, readSeq: lastReadSeq, newAfter: lastReadSeq < room.lastSeq ? lastReadSeq : null,
    hasOlder: nextCursor !== null, isLoading: false, unseen: 0, total: room.messageCount,
  });
  topics.reset(id, entered.topics);
  timeline.clear();
  take(messages);
  rooms.take(room);
  rooms.enter(id);
  if (left !== id) composer.enter(id);
  $('room-title').textContent = room.channelName;
  showFacts();
  showOlder();
  const firstNew = $('messages').querySelector('.new-line');
  if (firstNew) firstNew.scrollIntoView({ block: 'center' });
  else timeline.toEnd();
  showEnd();
  readSoon();
  topics.list().catch(failed);
  if (position) catchUp().catch(failed); // what came between the two answers
  if ($('scroller').scrollHeight <= $('scroller').clientHeight + 300) loadOlder().catch(failed);
  return entered;
}

/** The connection stands again: into the room, and what was missed. */
export async function rejoin() {
  if (!state.id) return;
  try {
    await hub.invoke('join', state.id);
    composer.hurry();
    await catchUp();
    await reconcile(5);
    topics.listSoon();
  } catch (failure) {
    toast(hubMend(failure), 'error');
  }
}

async function catchUp() {
  const { visit, id } = state;
  for (let known = state.lastSeq; ;) {
    if (!hub.isUp()) return;
    const missed = await hub.invoke('sync', { channelId: id, afterSeq: state.lastSeq, afterRev: state.rev });
    if (visit !== state.visit) return;
    state.total += missed.messages.filter(message => !timeline.find(message.id)).length;
    take([...missed.messages, ...missed.changed.filter(message => timeline.find(message.id))]);
    showFacts();
    state.lastSeq = Math.max(state.lastSeq, missed.lastSeq);
    state.rev = Math.max(state.rev, missed.rev);
    if (!missed.more) return;
    if (state.lastSeq - known > MANY) { await enter(id); return; }
  }
}
const catchUpSoon = soon(250, () => { if (state.id) catchUp().catch(() => {}); });

// Verdicts are no changes that sync reports: ask for the messages themselves.
async function reconcile(pages) {
  const { visit, id } = state;
  for (let before, page = 0; page < pages && timeline.size > 0; page++) {
    const { items } = await api.messages(id, { before });
    if (visit !== state.visit || items.length === 0) return;
    take(items.filter(message => timeline.find(message.id)));
    before = items[0].seq;
    if (before <= timeline.first.seq) return;
  }
}

const reconcileSoon = soon(2500, () => { if (state.id) reconcile(5).catch(() => {}); });

// A verdict whose event never came is asked for.
async function fetchVerdicts() {
  const { visit, id } = state;
  const isWaiting = message => !message.classified && message.content !== null;
  for (let page = 0, before = Infinity; page < 5; page++) {
    const newest = timeline.all().findLast(message => isWaiting(message) && message.seq < before);
    if (!newest) return;
    const { items } = await api.messages(id, { before: newest.seq + 1 });
    if (visit !== state.visit || items.length === 0) return;
    take(items.filter(message => timeline.find(message.id)));
    before = items[0].seq;
  }
}

/** The set of topics changed; imports, and moves of many messages, are told by this alone. */
export function topicsChanged({ channelId }) {
  if (channelId !== state.id) return;
  topics.doubt();
  catchUpSoon();
  reconcileSoon();
}

// Takes messages into the list; verdicts that came first are put on them.
function take(messages) {
  const judged = messages.map(message => {
    const verdict = early.get(message.id);
    early.delete(message.id);
    return verdict && !message.classified ? { ...message, ...verdict } : message;
  });
  for (const message of judged) composer.arrived(message);
  timeline.take(judged);
  topics.nameSoon(judged.map(message => message.topicId));
  showEnd();
}

/** A message is here, by whatever way. */
export function arrive(message) {
  if (message.channelId !== state.id) return;
  if (timeline.find(message.id)) { take([message]); return; }
  const gap = message.seq - state.lastSeq;
  if (gap > 1) catchUpSoon();
  if (gap > 200) return;
  const wasAtEnd = timeline.isAtEnd;
  const isMine = message.userId === state.me;
  take([message]);
  if (gap === 1) state.lastSeq = message.seq;
  state.total++;
  showFacts();
  if (wasAtEnd || isMine) timeline.toEnd();
  else state.unseen++;
  if (!isMine && message.content) $('announce').textContent = t('msg.new', { name: message.nickname, text: shorten(message.content, 200) });
  showEnd();
  readSoon();
}

export function change(message) {
  if (message.channelId === state.id && timeline.find(message.id)) take([message]);
}

export function erase({ channelId, id }) {
  const message = channelId === state.id && timeline.find(id);
  if (message && message.content !== null) { state.total--; showFacts(); }
  if (message) take([{ ...message, content: null, deletedAt: message.deletedAt ?? new Date().toISOString() }]);
  if (message) timeline.refresh(other => other.replyTo === id);
}

// Verdicts come in swarms while a room is sorted; they are drawn together.
const verdicts = new Map();
const drawVerdicts = soon(60, () => {
  const judged = [];
  for (const [id, verdict] of verdicts) {
    const message = timeline.find(id);
    if (message) judged.push({ ...message, ...verdict });
    else early.set(id, verdict);
  }
  verdicts.clear();
  for (const id of early.keys()) { if (early.size <= EARLY) break; early.delete(id); }
  take(judged);
  for (const { id } of judged) timeline.lineOf(id)?.querySelector('.chip')?.classList.add('fresh');
  topics.listSoon();
});

export function judge({ channelId, messageId, topicId }) {
  if (channelId !== state.id) return;
  if (!timeline.find(messageId)) catchUpSoon();
  verdicts.set(messageId, { classified: true, topicId });
  drawVerdicts();
}

async function loadOlder() {
  if (!state.id || !state.hasOlder || state.isLoading || timeline.size === 0) return;
  const { visit, id } = state;
  state.isLoading = true;
  showOlder();
  try {
    const page = await api.messages(id, { before: timeline.first.seq });
    if (visit !== state.visit) return;
    state.hasOlder = page.nextCursor !== null && page.items.length > 0;
    take(page.items);
  } finally {
    if (visit === state.visit) {
      state.isLoading = false;
      timeline.stay(showOlder);
    }
  }
}

/** Shows one message in the room, wherever it is, and marks it for a moment. */
export async function jumpTo(id) {
  on.leaveFilter();
  for (let page = 0; !timeline.find(id) && state.hasOlder && page < JUMP_PAGES; page++) {
    if (state.isLoading) await new Promise(later => setTimeout(later, 50));
    else await loadOlder();
  }
  const line = timeline.lineOf(id);
  if (!line) { toast(t(state.hasOlder ? 'found.far' : 'found.gone'), 'error'); return; }
  line.scrollIntoView({ block: 'center' });
  line.classList.add('flash');
  setTimeout(() => timeline.lineOf(id)?.classList.remove('flash'), FLASH);
  line.focus({ preventScroll: true });
}

/** @param leave ends a filter, if there is one. */
export const setLeaveFilter = leave => { on.leaveFilter = leave; };

async function remove(message) {
  const dialog = $('confirm');
  $('confirm-text').textContent = t('delete.ask');
  dialog.returnValue = 'no';
  dialog.showModal();
  await new Promise(closed => dialog.addEventListener('close', closed, { once: true }));
  if (dialog.returnValue !== 'yes') return;
  await api.remove(message.channelId, message.id);
  erase({ channelId: message.channelId, id: message.id });
}

// The newest line in sight was read, as long as the page itself is.
function readTo() {
  if (timeline.isAtEnd) return timeline.last?.seq ?? 0;
  const edge = $('scroller').getBoundingClientRect().bottom;
  const seen = timeline.all().findLast(message => timeline.lineOf(message.id).getBoundingClientRect().bottom <= edge);
  return seen?.seq ?? 0;
}

const readSoon = soon(600, () => {
  if (!state.id || document.hidden || $('scroller').hidden) return;
  const seq = readTo();
  if (seq <= state.readSeq) return;
  const id = state.id;
  state.readSeq = seq;
  api.markRead(id, seq).then(
    () => (seq >= state.lastSeq ? rooms.read(id) : rooms.listSoon()),
    problem => { if (problem.status === 401) ended.dispatchEvent(new Event('session')); });
});

function showOlder() {
  $('older').hidden = timeline.size === 0;
  $('older').textContent = state.hasOlder ? (state.isLoading ? t('older.loading') : '\u00a0') : t('older.none');
}

function showEnd() {
  const isAtEnd = timeline.isAtEnd;
  if (isAtEnd) state.unseen = 0;
  $('to-end').hidden = isAtEnd || $('scroller').hidden;
  $('to-end').textContent = `↓ ${state.unseen ? t('to.end.new', { n: state.unseen }) : t('to.end')}`;
}

function showFacts() { $('room-facts').textContent = t('room.facts', { n: number(state.total) }); }

const failed = failure => toast(hubMend(failure), 'error');
const hubMend = failure => mend(failure).replace(/^.*HubException: (?:[a-z_]+: )?/, '');
