// People put topics right: names, what belongs together, and what does not.
import * as api from './api.js';
import * as chooser from './chooser.js';
import * as corrections from './corrections.js';
import * as filter from './filter.js';
import * as room from './room.js';
import * as split from './split.js';
import * as topics from './topics.js';
import { $, guard, mend, shorten } from './dom.js';
import { t, dayOf, momentOf, timeOf } from './i18n.js';

let topic = null; // the one that is shown
let named = null; // the one that gets a name

export function start() {
  chooser.start();
  split.start();
  for (const button of document.querySelectorAll('dialog [data-close]')) button.addEventListener('click', () => button.closest('dialog').close());
  $('rename').addEventListener('click', () => {
    named = topic;
    $('rename-name').value = named.name;
    $('rename-problem').textContent = '';
    $('rename-dialog').showModal();
    $('rename-name').select();
  });
  $('rename-form').addEventListener('submit', guard(async () => {
    topics.take([await api.rename(named.channelId, named.topicId, $('rename-name').value)]);
    $('rename-dialog').close();
    await corrections.tell('rename');
  }, failure => { $('rename-problem').textContent = mend(failure); }));
  $('merge').addEventListener('click', () => merge(topic));
  $('split').addEventListener('click', guard(() => split.begin(topic)));
  $('drift-split').addEventListener('click', guard(() => split.begin(topic, topic.drift.fromMessageId)));
}

/** What can be done about the topic that is shown; null: none is. */
export function shows(shown) {
  topic = shown;
  const isSplitting = split.shows(topic);
  const isTalk = topic?.level === 'high';
  $('steer').hidden = !topic || isSplitting;
  $('merge').hidden = !isTalk;
  $('split').hidden = !isTalk || topic.messageCount < 2;
  $('drift').hidden = !topic?.drift || isSplitting;
  if (!topic?.drift) return;
  const turn = filter.found.find(topic.drift.fromMessageId) ?? room.timeline.find(topic.drift.fromMessageId);
  const when = turn && (dayOf(turn.createdAt) === dayOf(Date.now()) ? timeOf : momentOf)(turn.createdAt);
  $('drift-text').textContent = when ? t('drift.at', { time: when }) : t('drift');
}

const merge = shown => chooser.choose({
  title: t('merge.title'),
  lead: t('merge.lead', { name: shown.name }),
  go: t('merge.go'),
  here: shown.topicId,
  note(other) {
    const stays = shown.nameSource !== 'user' && other.nameSource === 'user' ? other : shown;
    return t(stays.nameSource === 'user' ? 'merge.given' : 'merge.found', { name: stays.name });
  },
  async done(other) {
    const merged = await api.merge(shown.channelId, [shown.topicId, other.topicId]);
    topics.take([merged]);
    await filter.show({ topicId: merged.topicId });
    await corrections.tell('merge');
  },
});

/** A message belongs to another conversation. */
export const move = message => chooser.choose({
  title: t('move.title'),
  lead: `${message.nickname}: ${shorten(message.content)}`,
  go: t('move.go'),
  here: message.topicId,
  async done(into) {
    const moved = await api.move(message.channelId, message.id, into.topicId);
    topics.take([into]);
    room.change(moved);
    filter.judge({ messageId: moved.id, topicId: moved.topicId });
    await corrections.tell('move');
  },
});
