// One message as a line of a list.
import { el, iconButton, colour, prose, shorten } from './dom.js';
import { t, timeOf, dayOf, momentOf } from './i18n.js';

const CLOSE = 3 * 60 * 1000;

/** Whether a message goes on where the one above it stopped: same person, same topic, soon after, no answer to another one. */
const goesOn = (message, above) => above && !above.deletedAt && !message.replyTo && message.content !== null
  && above.userId === message.userId && above.nickname === message.nickname
  && above.topicId === message.topicId && above.classified === message.classified
  && Math.abs(new Date(message.createdAt) - new Date(above.createdAt)) < CLOSE;

/**
 * @param message the message.
 * @param above the one shown above it, if any.
 * @param look what the line needs to know: `me`, `topic(id)`, `find(id)`, `newAfter`, `marked`, `isFound`, `picking` (`has(id)`, `pick(id, isOn, isRange)`; null: none is
 *   picked), and `on` with reply, move, edit, remove, topic, jump.
 */
export function messageView(message, above, look) {
  const isNewDay = !above || dayOf(above.createdAt) !== dayOf(message.createdAt);
  const isFirstNew = look.newAfter !== null && message.seq > look.newAfter && (above ? above.seq <= look.newAfter : look.newAfter > 0);
  const isContinued = !isNewDay && !isFirstNew && goesOn(message, above);
  const isMine = message.userId !== null && message.userId === look.me;
  const line = el('li', { class: `message${isContinued ? ' continued' : ''}${isMine ? ' mine' : ''}`, 'data-id': message.id, tabindex: '-1' });
  if (isNewDay) line.append(el('p', { class: 'day' }, el('span', {}, dayOf(message.createdAt))));
  if (isFirstNew) line.append(el('p', { class: 'new-line' }, el('span', {}, t('new.line'))));
  const isPicked = look.picking !== null && message.content !== null;
  const body = colour(el(isPicked ? 'label' : 'div', { class: 'body' }), message.topicId);
  const head = el('p', { class: 'head' },
    el('strong', {}, message.nickname),
    isMine && el('span', { class: 'quiet' }, `(${t('you')})`),
    el('time', { datetime: message.createdAt, title: momentOf(message.createdAt) }, timeOf(message.createdAt)),
    chip(message, look));
  body.append(head);
  if (message.replyTo) body.append(quote(message.replyTo, look));
  body.append(message.content === null
    ? el('p', { class: 'text gone' }, t('deleted'))
    : el('p', { class: 'text', dir: 'auto' }, prose(message.content, look.marked), message.editedAt && el('span', { class: 'quiet edited', title: momentOf(message.editedAt) }, ` (${t('edited')})`)));
  if (message.content !== null && !isPicked) body.append(actions(message, isMine, look));
  // While messages are picked, a line does nothing else.
  if (isPicked) {
    for (const part of body.children) part.inert = true;
    body.prepend(box(message, look.picking));
  }
  line.append(body);
  return line;
}

const box = (message, picking) => el('input', {
  type: 'checkbox', class: 'pick', checked: picking.has(message.id), 'aria-label': `${message.nickname}: ${shorten(message.content)}`,
  onclick: event => picking.pick(message.id, event.target.checked, event.shiftKey),
});

function chip(message, look) {
  if (message.content === null) return null;
  if (!message.classified) return el('span', { class: 'chip waiting' }, t('sorting'));
  if (!message.topicId) return null;
  const topic = look.topic(message.topicId);
  return colour(el('button', { type: 'button', class: 'chip', title: t('filter.topic'), onclick: () => look.on.topic(message.topicId) }, topic?.name ?? '…'), message.topicId);
}

function quote(id, look) {
  const answered = look.find(id);
  const said = answered ? (answered.content === null ? t('deleted') : `${answered.nickname}: ${shorten(answered.content, 120)}`) : t('reply.earlier');
  return el('button', { type: 'button', class: 'quote', onclick: () => look.on.jump(id) }, said);
}

function actions(message, isMine, look) {
  return el('div', { class: 'actions' },
    look.isFound && iconButton('goto', t('show.inRoom'), () => look.on.jump(message.id)),
    iconButton('reply', t('reply'), () => look.on.reply(message)),
    message.classified && iconButton('move', t('move'), () => look.on.move(message)),
    isMine && iconButton('edit', t('edit'), () => look.on.edit(message)),
    isMine && iconButton('delete', t('delete'), () => look.on.remove(message)));
}
