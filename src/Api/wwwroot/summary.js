// What was said, by topic; every point with the messages that say so.
import * as api from './api.js';
import { $, colour, el, guard, shorten } from './dom.js';
import { t, number } from './i18n.js';
import * as room from './room.js';

let summary = null;
let level = 'high';

export function start() {
  $('summarise').addEventListener('click', guard(open));
  $('summary-close').addEventListener('click', () => { close(); $('summarise').focus(); });
  $('summary').addEventListener('keydown', event => { if (event.key === 'Escape') { close(); $('summarise').focus(); } });
  $('summary-form').addEventListener('submit', guard(make));
  for (const button of $('summary-levels').children) button.addEventListener('click', () => { level = button.dataset.level; draw(); });
}

export function close() {
  $('summary').hidden = true;
  $('app').classList.remove('with-summary');
}

/** Somebody made a summary of this room. */
export function arrive(made) {
  if ($('summary').hidden || made.channelId !== room.current()) return;
  summary = made;
  draw();
}

async function open() {
  if (!$('summary').hidden) { close(); return; }
  room.timeline.stay(() => {
    $('summary').hidden = false;
    $('app').classList.add('with-summary');
  });
  $('summary-body').focus();
  if (summary?.channelId !== room.current()) {
    summary = null;
    const asked = room.current();
    const latest = await api.latestSummary(asked).catch(problem => { if (problem.status === 404) return null; throw problem; });
    if (asked === room.current()) summary ??= latest;
    if (summary && [...$('howmany').options].some(option => Number(option.value) === summary.howmany)) $('howmany').value = String(summary.howmany);
  }
  draw();
}

async function make() {
  const asked = room.current();
  const button = $('summary-form').querySelector('button');
  button.disabled = true;
  $('summary-body').setAttribute('aria-busy', 'true');
  $('summary-body').replaceChildren(el('p', { class: 'quiet working' }, t('summary.working')));
  try {
    const made = await api.summarise(asked, Number($('howmany').value));
    if (asked === room.current()) summary = made;
  } finally {
    button.disabled = false;
    $('summary-body').removeAttribute('aria-busy');
    draw();
  }
}

function draw() {
  const body = $('summary-body');
  $('summary-levels').hidden = !summary;
  if (!summary) { body.replaceChildren(el('p', { class: 'quiet' }, t('summary.none'))); return; }
  for (const button of $('summary-levels').children) button.setAttribute('aria-pressed', String(button.dataset.level === level));
  const topics = Object.entries(summary.summaries[level] ?? {}).sort(([a], [b]) => Number(a) - Number(b)).map(([, topic]) => topic);
  const engine = summary.engine === 'extractive' ? t('summary.extractive') : summary.engine.replace(/^openai:/, '');
  const facts = [t('summary.facts', { n: number(summary.messages.length), engine }), summary.leftOut > 0 && t('summary.left', { n: summary.leftOut })].filter(Boolean).join(' · ');
  const proof = numbering();
  body.replaceChildren(
    el('p', { class: 'quiet' }, facts),
    topics.length === 0 ? el('p', { class: 'quiet' }, t('summary.nothing')) : null ?? '',
    ...topics.map(topic => colour(el('section', { class: 'summed' },
      el('h3', {}, topic.name),
      topic.keywords.length > 0 && el('p', { class: 'keywords quiet' }, topic.keywords.slice(0, 6).join(' · ')),
      topic.content && topic.points.length === 0 && el('p', {}, topic.content),
      el('ul', {}, ...topic.points.map(point => el('li', {}, point.text, ...point.citations.map(id => proof(id)))))), topic.topicId)));
}

// Sources are numbered in the order in which they are named.
function numbering() {
  const numbers = new Map();
  return id => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    const n = numbers.get(id);
    const message = room.timeline.find(id);
    const label = message?.content ? t('summary.source.of', { n, name: message.nickname, text: shorten(message.content) }) : t('summary.source', { n });
    return el('button', {
      type: 'button', class: 'cite', 'aria-label': label, title: label, 'data-cites': id,
      onclick: guard(async () => {
        if (matchMedia('(max-width: 1020px)').matches) close();
        await room.jumpTo(id);
      }),
    }, String(n));
  };
}
