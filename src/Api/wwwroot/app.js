// The page: join, rooms, one open room with its topics, live.
import { call, room, watchJob } from './api.js';
import { t, translate } from './text.js';
import { $, button, make, messageView, summaryView, toast, topicView } from './view.js';

const state = { me: null, room: null, messages: new Map(), topics: new Map(), level: 'high', filter: null, before: null, lastSeq: 0, rev: 0, replyTo: null, editing: null };
let hub = null;

// What fails is said; nothing else is done about it.
const guard = act => async event => {
  event?.preventDefault?.();
  try { await act(event); } catch (failure) { toast(failure.message); }
};

async function start() {
  translate();
  try { state.me = await call('GET', 'user/me'); } catch { $('join').hidden = false; $('nickname').focus(); return; }
  $('join').hidden = true;
  $('app').hidden = false;
  $('me').textContent = state.me.nickname;
  await connect();
  await listRooms();
  if (location.hash) await open(decodeURIComponent(location.hash.slice(1)));
}

async function connect() {
  hub = new signalR.HubConnectionBuilder().withUrl('hub/chat').withAutomaticReconnect([0, 1000, 2000, 5000, 5000, 10000]).build();
  hub.on('chat', message => message.channelId === state.room && take([message]));
  hub.on('chatUpdated', message => message.channelId === state.room && take([message]));
  hub.on('chatDeleted', gone => state.messages.has(gone.id) && take([{ ...state.messages.get(gone.id), content: null }]));
  hub.on('topic', filed => {
    const message = state.messages.get(filed.messageId);
    if (message) take([{ ...message, classified: true, topicId: filed.topicId }]);
    if (filed.topicId && !state.topics.has(filed.topicId)) refreshTopics();
  });
  hub.on('topics', changed => changed.channelId === state.room && refreshTopics());
  hub.on('newRoom', listRooms);
  hub.onreconnecting(() => toast(t('lost')));
  hub.onreconnected(guard(async () => { if (state.room) { await hub.invoke('join', state.room); await sync(); } }));
  hub.onclose(() => toast(t('lost')));
  await hub.start();
}

async function sync() {
  for (let more = true; more;) {
    const missed = await hub.invoke('sync', { channelId: state.room, afterSeq: state.lastSeq, afterRev: state.rev });
    take([...missed.messages, ...missed.changed]);
    ({ lastSeq: state.lastSeq, rev: state.rev, more } = missed);
  }
  await refreshTopics();
}

const listRooms = guard(async () => {
  const { items } = await call('GET', 'chat?limit=100');
  $('rooms').replaceChildren(...items.map(entry => {
    const line = make('li');
    const entrance = button(entry.channelName, '', guard(() => open(entry.channelId)));
    entrance.setAttribute('aria-current', String(entry.channelId === state.room));
    if (entry.unreadCount > 0 && entry.channelId !== state.room) entrance.append(make('span', 'unread', entry.unreadCount));
    line.append(entrance);
    return line;
  }));
});

async function open(id) {
  if (state.room) await hub.invoke('leave', state.room);
  Object.assign(state, { room: id, messages: new Map(), topics: new Map(), filter: null, before: null, replyTo: null, editing: null });
  const position = await hub.invoke('join', id);
  const entered = await call('GET', room(id, '?limit=100'));
  location.hash = encodeURIComponent(id);
  $('room-title').textContent = entered.room.channelName;
  $('export').href = room(id, '/export?format=jsonl');
  for (const topic of entered.topics) state.topics.set(topic.topicId, topic);
  Object.assign(state, { before: entered.nextCursor, rev: position.rev, lastSeq: entered.room.lastSeq });
  take(entered.messages);
  await refreshTopics();
  await listRooms();
}

// Takes in messages as they are now, shows them in the order of their numbers, and moves the read mark.
function take(messages) {
  const list = $('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  for (const message of messages) {
    state.messages.set(message.id, message);
    state.lastSeq = Math.max(state.lastSeq, message.seq);
  }
  draw();
  if (atEnd) list.scrollTop = list.scrollHeight;
  if (!document.hidden) markRead();
}

let reading = null;
function markRead() {
  clearTimeout(reading);
  const id = state.room;
  reading = setTimeout(() => call('POST', room(id, '/read'), { seq: state.lastSeq }).catch(() => {}), 500);
}

function shown() {
  const all = [...state.messages.values()].sort((a, b) => a.seq - b.seq);
  return state.filter ? all.filter(message => state.filter.ids.has(message.id)) : all;
}

function draw() {
  const on = { reply: startReply, edit: startEdit, remove: guard(message => call('DELETE', room(state.room, `/messages/${message.id}`))), topic: guard(filterBy) };
  $('messages').replaceChildren(...shown().map(message => messageView(
    message, state.topics.get(message.topicId), state.messages.get(message.replyTo), message.userId === state.me.userId, on)));
  $('all').hidden = !state.filter;
}

let refreshing = null;
function refreshTopics() {
  refreshing ??= (async () => {
    await new Promise(later => setTimeout(later, 200));
    refreshing = null;
    const { items } = await call('GET', room(state.room, `/topics?level=${state.level}&limit=100`));
    for (const topic of items) state.topics.set(topic.topicId, topic);
    $('topics').replaceChildren(...items.map(topic => topicView(topic, guard(() => filterBy(topic)))));
    for (const level of document.querySelectorAll('[data-level]')) level.setAttribute('aria-pressed', String(level.dataset.level === state.level));
    draw();
  })().catch(failure => toast(failure.message));
  return refreshing;
}

async function filterBy(topic) {
  const found = await call('GET', room(state.room, `/messages?topicId=${encodeURIComponent(topic.topicId)}&limit=100`));
  state.filter = { ids: new Set(found.items.map(message => message.id)) };
  take(found.items);
}

async function cite(id, topicId) {
  $('summary').close();
  if (!state.messages.has(id)) await filterBy({ topicId });
  if (!document.getElementById(`m-${id}`)) { state.filter = null; draw(); }
  const line = document.getElementById(`m-${id}`);
  line?.scrollIntoView({ block: 'center' });
  line?.classList.add('marked');
}

function startReply(message) {
  Object.assign(state, { replyTo: message.id, editing: null });
  $('replying').hidden = false;
  $('replying').textContent = `${t('replying')} ${message.nickname}: ${message.content.slice(0, 80)}`;
  $('content').focus();
}

function startEdit(message) {
  Object.assign(state, { replyTo: null, editing: message.id });
  $('content').value = message.content;
  $('content').focus();
}

// A retry carries the same id, so that a message that did arrive is not said twice.
async function say(content) {
  const body = { content, clientMessageId: crypto.randomUUID?.() ?? String(performance.now()) + Math.random(), replyTo: state.replyTo ?? undefined };
  for (let tries = 0; ; tries++) {
    try { return await call('POST', room(state.room), body); } catch (failure) {
      if (tries === 3 || (failure.status && failure.status < 500)) throw failure;
      await new Promise(later => setTimeout(later, 500 * 2 ** tries));
    }
  }
}

async function follow(jobId) {
  $('progress').hidden = false;
  const job = await watchJob(jobId, now => { Object.assign($('progress'), { max: Math.max(1, now.total), value: now.done }); });
  $('progress').hidden = true;
  if (job.state === 'failed') throw new Error(job.error);
  if (job.rejectedCount > 0) toast(`${job.rejectedCount} ${t('rejected')} ${job.rejected.slice(0, 5).map(line => `${line.line} ${line.code}`).join(', ')}`);
  await open(state.room);
}

$('join-form').addEventListener('submit', guard(async () => { await call('POST', 'user', { nickname: $('nickname').value }); await start(); }));
$('room-form').addEventListener('submit', guard(async () => {
  const made = await call('POST', 'chat', { channelName: $('room-name').value });
  $('room-name').value = '';
  await open(made.channelId);
}));
$('send-form').addEventListener('submit', guard(async () => {
  const content = $('content').value;
  if (!state.room || !content.trim()) return;
  if (state.editing) await call('PATCH', room(state.room, `/messages/${state.editing}`), { content }); else take([await say(content)]);
  Object.assign(state, { replyTo: null, editing: null });
  $('content').value = '';
  $('replying').hidden = true;
}));
$('search-form').addEventListener('submit', guard(async () => {
  const query = $('search').value.trim();
  if (!query) { state.filter = null; return draw(); }
  const found = await call('GET', room(state.room, `/messages?q=${encodeURIComponent(query)}&limit=100`));
  state.filter = { ids: new Set(found.items.map(message => message.id)) };
  take(found.items);
}));
$('all').addEventListener('click', () => { state.filter = null; $('search').value = ''; draw(); });
for (const level of document.querySelectorAll('[data-level]')) level.addEventListener('click', guard(() => { state.level = level.dataset.level; return refreshTopics(); }));
$('summarise').addEventListener('click', guard(async () => {
  const summary = await call('POST', 'chat/summary', { channelId: state.room, howmany: 200, level: 'high' });
  $('summary-body').replaceChildren(summaryView(summary, (id, topicId) => guard(() => cite(id, topicId))()));
  $('summary').showModal();
}));
$('summary-close').addEventListener('click', () => $('summary').close());
$('reclassify').addEventListener('click', guard(async () => follow((await call('POST', room(state.room, '/reclassify'))).jobId)));
$('file').addEventListener('change', guard(async event => {
  const [file] = event.target.files;
  if (!file) return;
  event.target.value = '';
  const format = file.name.endsWith('.jsonl') ? 'jsonl' : 'irc';
  await follow((await call('POST', room(state.room, `/import?format=${format}`), file)).jobId);
}));
$('messages').addEventListener('scroll', guard(async () => {
  if ($('messages').scrollTop > 40 || !state.before || state.filter) return;
  const cursor = state.before;
  state.before = null;
  const older = await call('GET', room(state.room, `/messages?cursor=${encodeURIComponent(cursor)}&limit=100`));
  const height = $('messages').scrollHeight;
  take(older.items);
  state.before = older.nextCursor;
  $('messages').scrollTop = $('messages').scrollHeight - height;
}));
document.addEventListener('visibilitychange', () => { if (!document.hidden && state.room) markRead(); });

start();
