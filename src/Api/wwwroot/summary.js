// What was said, by topic; every point with the messages that say so.
import * as api from './api.js';
import { $, colour, el, guard, icon, shorten, toast } from './dom.js';
import { t, momentOf, number } from './i18n.js';
import * as room from './room.js';

let summary = null;
let level = 'high';
let making = null;
const voted = new Map();

export function start() {
  $('summarise').addEventListener('click', guard(open));
  $('summary-close').addEventListener('click', () => { close(); $('summarise').focus(); });
  $('summary').addEventListener('keydown', event => { if (event.key === 'Escape') { close(); $('summarise').focus(); } });
  $('summary-form').addEventListener('submit', guard(make));
  $('summary-cancel').addEventListener('click', () => making?.abort());
  $('digest-cadence').addEventListener('change', fitPlan);
  $('digest-form').addEventListener('submit', guard(savePlan));
  for (const button of $('summary-levels').children) button.addEventListener('click', () => { level = button.dataset.level; draw(); });
}

export function close() {
  making?.abort();
  $('summary').hidden = true;
  $('app').classList.remove('with-summary');
}

/** A room was entered; its owner may plan its digest. */
export function enter({ digest, createdBy }, me) {
  $('digest-form').hidden = createdBy !== me;
  plan(digest);
}

/** Somebody made a summary of this room. */
export function arrive(made) {
  if ($('summary').hidden || made.channelId !== room.current() || making) return;
  summary = made;
  draw();
}

function plan(digest) {
  const isSet = digest.cadence !== 'off';
  $('digest-cadence').value = digest.cadence;
  $('digest-hour').value = String(digest.hour);
  $('digest-zone').value = isSet ? digest.timeZone : Intl.DateTimeFormat().resolvedOptions().timeZone;
  fitPlan();
}

function fitPlan() { $('digest-hour').hidden = $('digest-zone').hidden = $('digest-cadence').value !== 'daily'; }

async function savePlan() {
  const saved = await api.planDigest(room.current(), { cadence: $('digest-cadence').value, hour: Number($('digest-hour').value), timeZone: $('digest-zone').value.trim() });
  plan(saved.digest);
  toast(t('digest.saved'));
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
  const before = summary;
  const which = $('howmany').value === 'unread' ? { since: 'unread' } : { howmany: Number($('howmany').value) };
  const ending = making = new AbortController();
  progress(true);
  $('summary-body').replaceChildren(el('p', { class: 'quiet working' }, t('summary.working')));
  try {
    for await (const { event, data } of api.summarise({ channelId: asked, language: $('summary-language').value || null, ...which }, ending.signal)) {
      if (asked !== room.current()) { ending.abort(); break; }
      take(event, data);
    }
  } catch (failure) {
    summary = before;
    if (failure.name !== 'AbortError') throw failure;
  } finally {
    making = null;
    progress(false);
    draw();
  }
}

/** The whole replaces what came before it. */
function take(event, data) {
  if (event === 'meta' || event === 'done') summary = data;
  else if (event === 'topic') summary.summaries[data.level][data.topic] = { topicId: data.topicId, name: data.name, keywords: data.keywords, content: '', outcome: null, points: [] };
  else if (event === 'outcome') summary.summaries[data.level][data.topic].outcome = data.outcome;
  else if (event === 'point') summary.summaries[data.level][data.topic].points.push(data.point);
  if (event !== 'meta') draw();
}

function progress(isOn) {
  $('summary-form').querySelector('button.primary').hidden = isOn;
  $('summary-cancel').hidden = !isOn;
  if (isOn) $('summary-body').setAttribute('aria-busy', 'true');
  else $('summary-body').removeAttribute('aria-busy');
}

function draw() {
  const body = $('summary-body');
  $('summary-levels').hidden = !summary;
  if (!summary) { body.replaceChildren(el('p', { class: 'quiet' }, t('summary.none'))); return; }
  for (const button of $('summary-levels').children) button.setAttribute('aria-pressed', String(button.dataset.level === level));
  // What has neither outcome nor points is counted in the closing line; summaries of before had no such line.
  const topics = Object.entries(summary.summaries[level] ?? {}).filter(([, topic]) => topic.outcome || topic.points.length > 0 || !summary.closing?.[level]).sort(([a], [b]) => Number(a) - Number(b));
  const engine = summary.engine === 'extractive' ? t('summary.extractive') : summary.engine.replace(/^openai:/, '');
  const facts = [
    t('summary.facts', { n: number(summary.messages.length), engine }),
    summary.leftOut > 0 && t('summary.left', { n: summary.leftOut }),
    summary.unread?.length > 0 && t('summary.some', { n: number(summary.unread.length) }),
    summary.stale && t('summary.stale'),
  ].filter(Boolean).join(' · ');
  const proof = numbering();
  const said = (number, point, at) => el('li', {},
    point.kind !== 'statement' && el('span', { class: `kind ${point.kind}` }, t(`point.${point.kind}`)), point.text,
    point.weak && el('span', { class: 'weak', title: t('point.weak.why') }, t('point.weak')),
    ...point.citations.map(id => proof(id)), !making && votes(`${level}/${number}/${at}`));
  const came = (number, { outcome }) => outcome && el('p', { class: 'outcome' }, outcome.text, ...outcome.citations.map(id => proof(id)), !making && votes(`${level}/${number}/outcome`));
  const quoted = topic => topic.language && topic.language !== summary.language && el('span', { class: 'quiet' }, ` · ${t(`summary.in.${topic.language}`)}`);
  body.replaceChildren(
    el('p', { class: 'quiet' }, facts, !making && votes(null)),
    summary.insteadOf ? el('p', { class: 'instead' }, instead(summary.insteadOf)) : '',
    making ? el('p', { class: 'quiet working' }, t('summary.working')) : topics.length === 0 ? el('p', { class: 'quiet' }, t('summary.nothing')) : '',
    ...topics.map(([number, topic]) => colour(el('section', { class: 'summed' },
      el('h3', {}, topic.name),
      (topic.keywords.length > 0 || quoted(topic)) && el('p', { class: 'keywords quiet' }, topic.keywords.slice(0, 6).join(' · '), quoted(topic)),
      topic.unread > 0 && el('p', { class: 'quiet' }, t('summary.some', { n: topic.unread })),
      came(number, topic),
      topic.content && !topic.outcome && topic.points.length === 0 && el('p', {}, topic.content),
      topic.points.length > 0 && el('ul', {}, ...topic.points.map((point, at) => said(number, point, at)))), topic.topicId)),
    !making && summary.closing?.[level] ? el('p', { class: 'closing quiet' }, summary.closing[level].text) : '');
}

function instead({ code, resetsAt }) {
  const key = code === 'budget_spent' || code === 'model_unavailable' ? code : 'other';
  return t(`summary.instead.${key}`, { when: resetsAt ? momentOf(resetsAt) : '' });
}

/** Up and down, for one point or (null) the whole. */
function votes(point) {
  const { summaryId, channelId } = summary;
  const key = `${summaryId} ${point}`;
  const button = vote => el('button', {
    type: 'button', class: 'vote', 'aria-label': t(`vote.${vote}`), title: t(`vote.${vote}`), 'aria-pressed': String(voted.get(key) === vote),
    onclick: guard(async event => {
      const pressed = event.currentTarget;
      await api.rate(channelId, summaryId, { vote, ...(point && { point }) });
      voted.set(key, vote);
      for (const each of pressed.parentNode.children) each.setAttribute('aria-pressed', String(each === pressed));
    }),
  }, icon(`vote-${vote}`));
  return el('span', { class: 'votes' }, button('up'), button('down'));
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
