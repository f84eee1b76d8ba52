// Only the messages of one topic, or those that hold certain words.
import * as api from './api.js';
import * as room from './room.js';
import * as topics from './topics.js';
import { $, colour, el, guard, mend, soon, toast } from './dom.js';
import { t, number } from './i18n.js';
import { messageView } from './message.js';
import { Timeline } from './timeline.js';

let filter = null; // { topicId } or { q }
let hasOlder = false;
let loading = null;
let place = null; // where the room was scrolled to; null: at its end
let on = { shows() {} };

const look = room.linesLook({
  marked: null, isFound: true, newAfter: null,
  find: id => found.find(id) ?? room.timeline.find(id),
});
export const found = new Timeline($('found-messages'), $('found'), (message, above) => messageView(message, above, look));

/** @param handlers `shows(topic)`: this one is shown, or something of it changed; null: none is. */
export function start(handlers) {
  on = handlers;
  room.setLeaveFilter(leave);
  $('by-meaning').addEventListener('click', guard(() => show(filter.semantic ? { q: filter.q } : { q: filter.q, semantic: true, limit: 20 })));
  $('filter-clear').addEventListener('click', () => { leave(); $('scroller').focus({ preventScroll: true }); });
  $('found').addEventListener('scroll', () => { if ($('found').scrollTop < 300) loadOlder().catch(failure => toast(mend(failure), 'error')); }, { passive: true });
  let typing = 0;
  const search = guard(() => {
    clearTimeout(typing);
    const q = $('search').value.trim();
    if (q === (filter?.q ?? '')) return undefined;
    return q ? show({ q }) : leave();
  });
  $('search-form').addEventListener('submit', search);
  $('search').addEventListener('input', event => {
    clearTimeout(typing);
    if (!event.isComposing && [...$('search').value.trim()].length !== 1) typing = setTimeout(search, 350);
  });
  $('search').addEventListener('compositionend', () => { clearTimeout(typing); typing = setTimeout(search, 350); });
}

export const drawNames = () => { found.refresh(); describe(); };

export const byTopic = topicId => (filter?.topicId === topicId ? leave() : show({ topicId }));

/** Back to the whole room. */
export function leave() {
  if (!filter) return;
  filter = null;
  $('search').value = '';
  $('filter').hidden = $('found').hidden = true;
  $('scroller').hidden = false;
  found.clear();
  topics.choose(null);
  on.shows(null);
  if (place === null) room.timeline.toEnd();
  else $('scroller').scrollTop = place;
}

export async function show(wanted) {
  const before = filter;
  filter = wanted;
  const { items, nextCursor } = await api.messages(room.current(), wanted).catch(problem => {
    if (filter === wanted && wanted.semantic) filter = before;
    throw problem;
  });
  if (filter !== wanted) return;
  hasOlder = nextCursor !== null;
  look.marked = wanted.q ?? null;
  if (!wanted.q) $('search').value = '';
  topics.choose(wanted.topicId ?? null);
  found.clear();
  if (!$('scroller').hidden) place = room.timeline.isAtEnd ? null : $('scroller').scrollTop;
  $('scroller').hidden = $('to-end').hidden = true;
  $('filter').hidden = $('found').hidden = false;
  found.take(items);
  $('found-empty').hidden = items.length > 0;
  describe();
  found.toEnd();
}

async function loadOlder() {
  if (!filter || !hasOlder || !found.first) return;
  const wanted = filter;
  loading ??= (async () => {
    const page = await api.messages(room.current(), { ...wanted, before: found.first.seq });
    if (filter !== wanted) return;
    hasOlder = page.nextCursor !== null;
    found.take(page.items);
    describe();
  })().finally(() => { loading = null; });
  await loading;
}

export const hasMore = () => hasOlder;

/** Loads what is shown back to this message. @returns the message, or nothing where it is not among what is shown. */
export async function loadBackTo(id) {
  const wanted = filter;
  while (filter === wanted && hasOlder && !found.find(id)) await loadOlder();
  return filter === wanted ? found.find(id) : undefined;
}

/** Asks again for as much as is shown: messages may have come from other topics, or have gone there. */
export async function again() {
  const wanted = filter;
  if (!wanted?.topicId) return;
  const gone = new Map(found.all().map(message => [message.id, message]));
  const from = found.first?.seq ?? 0;
  for (let before, more = true; more;) {
    const { items, nextCursor } = await api.messages(room.current(), { ...wanted, before })
      .catch(problem => { if (problem.status === 404) return { items: [], nextCursor: null }; throw problem; });
    if (filter !== wanted) return;
    found.take(items);
    for (const { id } of items) gone.delete(id);
    before = items[0]?.seq;
    more = nextCursor !== null && before > from;
  }
  for (const id of gone.keys()) found.drop(id);
  if (topics.find(wanted.topicId)?.level === 'high') topics.nameSoon([wanted.topicId]);
  if (found.size > 0) return;
  leave();
  toast(t('topic.gone'));
}

export const againSoon = soon(1000, () => again().catch(() => {}));

/** Lets messages of what is shown be picked. @param picking as a line needs it; null: no more. */
export function pick(picking) {
  look.picking = picking;
  found.refresh();
}

/** Says what is shown. */
export function describe() {
  if (!filter) return;
  $('by-meaning').hidden = !filter.q;
  $('by-meaning').setAttribute('aria-pressed', String(Boolean(filter.semantic)));
  if (filter.q) {
    on.shows(null);
    $('filter-text').replaceChildren(el('strong', {}, t(filter.semantic ? 'filter.meaning' : 'filter.search', { q: filter.q })));
    return;
  }
  const topic = topics.find(filter.topicId);
  if (!topic) { on.shows(null); return; }
  $('filter-text').replaceChildren(
    colour(el('strong', { class: 'chip' }, topic.name), topic.topicId),
    topics.byHand(topic) || '',
    el('span', { class: 'quiet' }, t('topics.facts', { n: number(topic.messageCount), people: topics.people(topic) })));
  on.shows(topic);
}

// What happens live happens here as well, as far as it concerns what is shown.
export function change(message) { if (found.find(message.id)) found.take([message]); }

export function erase({ id }) {
  const message = found.find(id);
  if (message) found.take([{ ...message, content: null, deletedAt: message.deletedAt ?? new Date().toISOString() }]);
}

export function judge({ messageId, topicId }) {
  if (!filter) return;
  const shown = found.find(messageId);
  const message = shown ?? room.timeline.find(messageId);
  if (!message) return;
  const belongs = filter.q ? Boolean(shown) : isUnder(topicId, filter.topicId);
  if (belongs) found.take([{ ...message, classified: true, topicId }]);
  else if (shown) found.drop(messageId);
  if (found.size === 0) againSoon();
}

function isUnder(topicId, above) {
  for (let id = topicId; id; id = topics.find(id)?.parentId) {
    if (id === above) return true;
  }
  return false;
}
