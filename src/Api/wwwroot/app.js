// The page: the door, the list of rooms, and one open room.
import * as api from './api.js';
import * as composer from './composer.js';
import * as corrections from './corrections.js';
import * as filter from './filter.js';
import * as hub from './hub.js';
import * as room from './room.js';
import * as rooms from './rooms.js';
import * as steer from './steer.js';
import * as summary from './summary.js';
import * as topics from './topics.js';
import * as transfer from './transfer.js';
import { $, ended, guard } from './dom.js';
import { translate } from './i18n.js';

let me = null;

const inAddress = () => { const [, id] = location.hash.match(/^#\/room\/(.+)$/) ?? []; return id ? decodeURIComponent(id) : null; };

async function open(id) {
  drawer(false);
  if (id === room.current()) { filter.leave(); room.timeline.toEnd(); return; }
  filter.leave();
  summary.close();
  $('stage').hidden = $('composer').hidden = $('room-tools').hidden = false;
  $('welcome').hidden = true;
  const entered = await room.enter(id);
  if (!entered) return;
  document.title = `${entered.room.channelName} · AIChat`;
  summary.enter(entered.room, me.userId);
  transfer.enter(entered.room, entered.room.createdBy === me.userId);
  if (inAddress() !== id) history.replaceState(null, '', `#/room/${encodeURIComponent(id)}`);
  if (matchMedia('(hover: hover)').matches) $('content').focus();
}

async function come(user) {
  me = user;
  room.setMe(me);
  $('join').hidden = true;
  $('app').hidden = false;
  $('me').textContent = me.nickname;
  hub.start({
    chat: message => { room.arrive(message); rooms.said(message); },
    chatUpdated: message => { room.change(message); filter.change(message); },
    chatDeleted: gone => { room.erase(gone); filter.erase(gone); },
    topic: filed => { room.judge(filed); filter.judge(filed); },
    topics: changed => { room.topicsChanged(changed); if (changed.channelId === room.current()) filter.againSoon(); },
    topicDrift: ({ channelId }) => { if (channelId === room.current()) topics.listSoon(); },
    summary: made => summary.arrive(made),
    newRoom: () => rooms.listSoon(),
    up: () => room.rejoin(),
  });
  await rooms.list();
  const asked = inAddress();
  if (asked) await open(asked).catch(failure => { goHome(); throw failure; });
  else if (matchMedia('(max-width: 760px)').matches) drawer(true);
}

function goHome() {
  history.replaceState(null, '', '#');
  $('stage').hidden = $('composer').hidden = $('room-tools').hidden = true;
  $('welcome').hidden = false;
}

function door() {
  $('app').hidden = true;
  $('join').hidden = false;
  $('nickname').focus();
}

function drawer(isOpen) {
  $('app').classList.toggle('with-side', isOpen);
  $('side-open').setAttribute('aria-expanded', String(isOpen));
  if (isOpen) $('side-close').focus({ preventScroll: true });
}

async function sessionEnded() {
  if (!me) return;
  me = null;
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  await hub.stop();
  door();
}

translate();
topics.start({
  choose: guard(topic => { drawer(false); return filter.byTopic(topic.topicId); }),
  jump: guard(id => { drawer(false); return room.jumpTo(id); }),
  named: () => { room.drawNames(); filter.drawNames(); corrections.drawNames(); },
  listed: filter.describe,
});
room.start({ topic: guard(id => filter.byTopic(id)), move: steer.move });
rooms.start({ open: guard(open) });
composer.start({ sent: message => { if (room.timeline.find(message.id)) room.change(message); else room.arrive(message); }, waits: () => { if (room.timeline.isAtEnd) room.timeline.toEnd(); } });
filter.start({ shows: steer.shows });
steer.start();
corrections.start();
summary.start();
transfer.start({ changed: async () => { filter.leave(); await room.enter(room.current()); rooms.listSoon(); } });

$('join-form').addEventListener('submit', guard(async () => come(await api.join($('nickname').value))));
$('logout').addEventListener('click', guard(async () => { await api.logout(); me = null; await hub.stop(); location.assign(location.pathname); }));
$('side-open').addEventListener('click', () => drawer(true));
$('side-close').addEventListener('click', () => { drawer(false); $('side-open').focus(); });
$('talk').addEventListener('click', event => { if ($('app').classList.contains('with-side') && !event.target.closest('#side-open')) drawer(false); });
document.addEventListener('keydown', event => { if (event.key === 'Escape') { drawer(false); $('menu').open = false; } });
document.addEventListener('click', event => { if (!event.target.closest('#menu')) $('menu').open = false; });
window.addEventListener('hashchange', guard(() => (me && inAddress() ? open(inAddress()) : undefined)));
ended.addEventListener('session', sessionEnded);

guard(async () => {
  const user = await api.me().catch(problem => { if (problem.status === 401) return null; throw problem; });
  if (user) await come(user);
  else door();
})().then(() => { if (!me) door(); });
