// Saying something: new messages, answers and edits. What is said waits in line until the server has it.
import * as api from './api.js';
import { $, el, guard, mend, shorten, toast } from './dom.js';
import { t } from './i18n.js';

const TRIES = 6;

let room = null;
let replyTo = null;
let editing = null;
let waiting = [];
let isSending = false;
let on = { sent() {}, waits() {} };

/** @param handlers `sent(message)`, and `waits()` when the line of unsent messages changed. */
export function start(handlers) {
  on = handlers;
  const box = $('content');
  $('composer').addEventListener('submit', guard(submit));
  box.addEventListener('keydown', event => {
    // Enter that ends a Korean syllable is not the Enter that sends.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      $('composer').requestSubmit();
    }
    if (event.key === 'Escape') stop();
  });
  box.addEventListener('input', fit);
  $('context-clear').addEventListener('click', stop);
}

export function enter(id) {
  room = id;
  stop();
  drawWaiting();
}

export function reply(message) {
  stop();
  replyTo = message.id;
  context(t('replying', { name: message.nickname, text: shorten(message.content) }));
}

export function edit(message) {
  stop();
  editing = message.id;
  $('content').value = message.content;
  context(t('editing'));
  fit();
}

/** Nobody is answered and nothing is edited any more. */
export function stop() {
  if (editing) $('content').value = '';
  replyTo = editing = null;
  $('context').hidden = true;
  fit();
}

/** A stored message has come, perhaps before its own answer did. */
export function arrived(message) {
  const before = waiting.length;
  waiting = waiting.filter(entry => !(entry.room === message.channelId && entry.clientMessageId === message.clientMessageId));
  if (waiting.length !== before) drawWaiting();
}

/** Tries everything that waits at once, after a reconnect. */
export function hurry() {
  for (const entry of waiting) entry.wake?.();
}

function context(text) {
  $('context').hidden = false;
  $('context-text').textContent = text;
  $('content').focus();
}

function fit() {
  const box = $('content');
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight + 2, 160)}px`;
}

async function submit() {
  const content = $('content').value;
  if (!room || !content.trim()) return;
  if (editing) {
    on.sent(await api.edit(room, editing, content));
    stop();
    return;
  }
  waiting.push({ room, content, replyTo, clientMessageId: api.newId(), state: 'sending' });
  $('content').value = '';
  stop();
  drawWaiting();
  await send();
}

// One after the other, so that they arrive in the order in which they were said.
async function send() {
  if (isSending) return;
  isSending = true;
  try {
    for (let next; (next = waiting.find(entry => entry.state !== 'failed'));) {
      await deliver(next);
    }
  } finally {
    isSending = false;
  }
}

async function deliver(entry) {
  for (let tries = 1; waiting.includes(entry); tries++) {
    try {
      const message = await api.post(entry.room, { content: entry.content, clientMessageId: entry.clientMessageId, replyTo: entry.replyTo ?? undefined });
      waiting = waiting.filter(other => other !== entry);
      drawWaiting();
      on.sent(message);
      return;
    } catch (problem) {
      if (!api.isPassing(problem) || tries === TRIES) {
        entry.state = 'failed';
        drawWaiting();
        toast(mend(problem), 'error');
        return;
      }
      entry.state = 'resending';
      drawWaiting();
      await new Promise(later => {
        entry.wake = later;
        setTimeout(later, problem.retryAfter ? problem.retryAfter * 1000 : Math.min(500 * 2 ** tries, 8000));
      });
    }
  }
}

function drawWaiting() {
  const said = { sending: 'sending', resending: 'resending', failed: 'unsent' };
  $('pending').replaceChildren(...waiting.filter(entry => entry.room === room).map(entry => el('li', { class: 'message' },
    el('div', { class: 'body' },
      el('p', { class: 'text', dir: 'auto' }, entry.content),
      el('p', { class: `quiet${entry.state === 'failed' ? ' failed' : ''}` }, t(said[entry.state]),
        entry.state === 'failed' && el('button', { type: 'button', class: 'link', onclick: guard(() => { entry.state = 'sending'; drawWaiting(); return send(); }) }, t('resend')),
        entry.state === 'failed' && el('button', { type: 'button', class: 'link', onclick: () => { waiting = waiting.filter(other => other !== entry); drawWaiting(); } }, t('discard')))))));
  on.waits();
}
