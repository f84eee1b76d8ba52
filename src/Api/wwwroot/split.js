// Messages of the conversation that is shown are chosen, and become one of their own.
import * as api from './api.js';
import * as corrections from './corrections.js';
import * as filter from './filter.js';
import * as room from './room.js';
import { $, guard, toast } from './dom.js';
import { t, number } from './i18n.js';

const chosen = new Set();
let from = null; // the conversation; null: nothing is being split
let last = null; // picked last: where a range begins

export function start() {
  $('split-form').addEventListener('submit', guard(async () => {
    $('split-go').disabled = true;
    try {
      await api.split(room.current(), from, here().map(message => message.id), $('split-name').value.trim() || undefined);
      stop();
    } finally {
      count();
    }
    await corrections.tell('split');
  }));
  const cancel = () => { if (from) { stop(); $('split').focus(); } };
  $('split-cancel').addEventListener('click', cancel);
  document.addEventListener('keydown', event => { if (event.key === 'Escape' && !event.isComposing && !document.querySelector('dialog[open]')) cancel(); });
}

/** @param since chooses this message and everything after it; without it nothing is chosen yet. */
export async function begin(topic, since) {
  const first = since && await filter.loadBackTo(since);
  if (since && !first) { toast(t('found.gone'), 'error'); return; }
  stop();
  from = topic.topicId;
  if (first) for (const message of living()) { if (message.seq >= first.seq) chosen.add(message.id); }
  $('split-name').value = '';
  $('steer').hidden = $('drift').hidden = $('filter-clear').hidden = true;
  $('split-form').hidden = false;
  filter.pick({ has: id => chosen.has(id), pick });
  count();
  const line = filter.found.lineOf(first?.id ?? living().at(-1)?.id);
  line?.scrollIntoView({ block: first ? 'center' : 'nearest' });
  line?.querySelector('.pick').focus({ preventScroll: true });
}

/** Another topic is shown, or none: what was chosen is forgotten. @returns whether something is still being split. */
export function shows(topic) {
  if (from && topic?.topicId !== from) stop();
  else if (from) count();
  return from !== null;
}

export function stop() {
  if (!from) return;
  from = last = null;
  chosen.clear();
  $('split-form').hidden = true;
  $('filter-clear').hidden = false;
  filter.pick(null);
  filter.describe();
}

const living = () => filter.found.all().filter(message => message.content !== null);
const here = () => living().filter(message => chosen.has(message.id));

function pick(id, isOn, isRange) {
  const order = living().map(message => message.id);
  const [a, b] = [order.indexOf(isRange && order.includes(last) ? last : id), order.indexOf(id)].sort((x, y) => x - y);
  for (const each of order.slice(a, b + 1)) { if (isOn) chosen.add(each); else chosen.delete(each); }
  last = id;
  if (b > a) filter.found.refresh();
  count();
}

function count() {
  const n = here().length;
  $('split-count').textContent = t('split.count', { n: number(n) });
  $('split-go').disabled = n === 0 || n === living().length && !filter.hasMore();
}
