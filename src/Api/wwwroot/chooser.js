// Asks for one conversation of the room.
import { $, colour, el, guard, mend } from './dom.js';
import { t, number } from './i18n.js';
import * as topics from './topics.js';

const found = new Map();
let question = null;
let chosen = null;
let isCut = false;

export function start() {
  $('chooser-filter').addEventListener('input', draw);
  // The arrow leads from the words into the list, where arrows choose.
  $('chooser-filter').addEventListener('keydown', event => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    $('chooser-list').querySelector('input:enabled')?.click();
    $('chooser-list').querySelector('input:checked')?.focus();
  });
  $('chooser-form').addEventListener('submit', guard(async () => {
    if (!chosen) return;
    $('chooser-go').disabled = true;
    try {
      await question.done(chosen);
      $('chooser').close();
    } finally {
      $('chooser-go').disabled = false;
    }
  }, problem));
}

/**
 * Opens the dialog.
 * @param asked `title`, `lead`, `go` (the button), `here` (the id of the conversation that is not to be chosen, as it is the present one), `note(topic)` says what the
 *   choice means, `done(topic)` carries it out; while that fails, the dialog stays and says why.
 */
export async function choose(asked) {
  question = asked;
  chosen = null;
  isCut = false;
  found.clear();
  $('chooser-title').textContent = asked.title;
  $('chooser-lead').textContent = asked.lead;
  $('chooser-go').textContent = asked.go;
  $('chooser-filter').value = $('chooser-problem').textContent = '';
  draw();
  $('chooser').showModal();
  $('chooser-filter').focus();
  try {
    for await (const page of topics.conversations()) {
      if (question !== asked) return;
      for (const topic of page.items) if (!found.has(topic.topicId)) found.set(topic.topicId, topic);
      isCut = page.nextCursor !== null;
      draw();
    }
  } catch (failure) {
    problem(failure);
  }
}

const problem = failure => { $('chooser-problem').textContent = mend(failure); };

const plain = text => text.normalize('NFC').toLocaleLowerCase();

function draw() {
  const words = plain($('chooser-filter').value.trim());
  const shown = [...found.values()].filter(topic => plain(topic.name).includes(words));
  if (chosen && !shown.includes(chosen)) chosen = null;
  $('chooser-list').replaceChildren(...shown.map(choice));
  mean();
  if (shown.length === 0 && found.size > 0) $('chooser-note').textContent = t('choose.none');
}

function mean() {
  $('chooser-go').disabled = !chosen;
  $('chooser-note').textContent = chosen ? question.note?.(chosen) ?? '' : isCut ? t('choose.most', { n: number(found.size) }) : '';
}

function choice(topic) {
  const isHere = topic.topicId === question.here;
  return colour(el('label', { class: 'choice' },
    el('input', { type: 'radio', name: 'conversation', disabled: isHere, checked: topic === chosen, onchange: () => { chosen = topic; mean(); } }),
    el('span', { class: 'choice-name' }, topic.name),
    isHere && el('span', { class: 'quiet' }, t('choose.here')),
    el('span', { class: 'topic-count' }, topics.byHand(topic), number(topic.messageCount))), topic.topicId);
}
