// The list of rooms with what is unread in each.
import * as api from './api.js';
import { $, el, guard, shorten, soon } from './dom.js';
import { t, number } from './i18n.js';

const rooms = new Map();
let order = [];
let current = null;
let cursor = null;
let on = { open() {} };

export const find = id => rooms.get(id);

export function start(handlers) {
  on = handlers;
  $('room-form').addEventListener('submit', guard(async () => {
    const room = await api.openRoom($('room-name').value);
    $('room-name').value = '';
    take(room);
    on.open(room.channelId);
  }));
  $('rooms-more').addEventListener('click', guard(async () => {
    const page = await api.rooms(cursor);
    cursor = page.nextCursor;
    for (const room of page.items) rooms.set(room.channelId, room);
    order = [...new Set([...order, ...page.items.map(room => room.channelId)])];
    draw();
  }));
  setInterval(() => { if (!document.hidden) listSoon(); }, 15_000);
}

export async function list() {
  const page = await api.rooms();
  for (const room of page.items) rooms.set(room.channelId, room);
  const newest = page.items.map(room => room.channelId);
  const older = order.filter(id => !newest.includes(id));
  if (older.length === 0) cursor = page.nextCursor;
  order = [...newest, ...older];
  draw();
}

export const listSoon = soon(500, () => list().catch(() => {}));

export function take(room) {
  rooms.set(room.channelId, room);
  if (!order.includes(room.channelId)) order.unshift(room.channelId);
  draw();
}

/** Something was said: it is the newest there, and that room comes first. */
export function said(message) {
  const room = rooms.get(message.channelId);
  if (!room) return;
  rooms.set(room.channelId, { ...room, lastMessage: message });
  order = [room.channelId, ...order.filter(id => id !== room.channelId)];
  draw();
}

export function enter(id) { current = id; draw(); }

/** Everything up to here was read: no count any more. */
export function read(id) {
  const room = rooms.get(id);
  if (!room || room.unreadCount === 0) return;
  rooms.set(id, { ...room, unreadCount: 0 });
  draw();
}

function draw() {
  $('rooms-more').hidden = !cursor;
  $('rooms').replaceChildren(...order.map(id => rooms.get(id)).map(room => {
    const isHere = room.channelId === current;
    const last = room.lastMessage;
    return el('li', {}, el('button', { type: 'button', class: 'room', 'aria-current': isHere ? 'page' : null, onclick: () => on.open(room.channelId) },
      el('span', { class: 'room-name' }, room.channelName),
      room.unreadCount > 0 && el('span', { class: 'unread', 'aria-label': t('rooms.unread', { n: room.unreadCount }) }, room.unreadCount > 999 ? '999+' : number(room.unreadCount)),
      last && el('span', { class: 'room-last' }, `${last.nickname}: ${shorten(last.content ?? t('deleted'), 60)}`)));
  }));
  if (order.length === 0) $('rooms').replaceChildren(el('li', { class: 'quiet' }, t('rooms.none')));
}
