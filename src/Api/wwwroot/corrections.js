// What people put right in the room: said, listed, and taken back.
import * as api from './api.js';
import * as filter from './filter.js';
import * as room from './room.js';
import * as topics from './topics.js';
import { $, el, guard, mend, shorten, toast } from './dom.js';
import { t, momentOf, number } from './i18n.js';

const PAGE = 20;
const BESIDE = 10; // others may have corrected something at the same moment

let listed = [];
let cursor = null;
let offered = null; // the note with the way back from what was done last

export function start() {
  $('corrections').addEventListener('click', guard(async () => {
    $('menu').open = false;
    listed = [];
    cursor = null;
    await more();
    $('corrections-dialog').showModal();
  }));
  $('corrections-more').addEventListener('click', guard(more, problem));
}

export const drawNames = () => { if ($('corrections-dialog').open) draw(); };

/** Says what this person just did, with the way back. */
export async function tell(kind) {
  const asked = room.current();
  refresh();
  const { items } = await api.corrections(asked, BESIDE);
  const mine = items.find(correction => correction.kind === kind && correction.by.userId === room.me() && !correction.undoneAt);
  offered?.remove();
  if (mine) offered = toast(sentence(mine, 40), 'info', { label: t('undo'), act: guard(async () => { await takeBack(asked, mine); toast(t('undone')); }) });
}

async function takeBack(roomId, correction) {
  const undone = await api.undo(roomId, correction.correctionId);
  refresh();
  return undone;
}

function refresh() {
  topics.doubt();
  topics.list().catch(() => {});
  filter.againSoon();
}

const nameOf = ({ name, formerName, topicId }) => name ?? topics.find(topicId)?.name ?? formerName ?? '…';

const sentence = (correction, length) => t(`did.${correction.kind}`, {
  former: shorten(correction.formerName, length), name: shorten(nameOf(correction), length), n: number(correction.movedCount),
});

async function more() {
  const page = await api.corrections(room.current(), PAGE, cursor);
  listed.push(...page.items);
  cursor = page.nextCursor;
  topics.nameSoon(page.items.filter(({ name, undoneAt }) => !name && !undoneAt).map(({ topicId }) => topicId));
  draw();
}

const problem = failure => { $('corrections-problem').textContent = mend(failure); };

function draw() {
  $('corrections-problem').textContent = '';
  $('corrections-empty').hidden = listed.length > 0;
  $('corrections-more').hidden = !cursor;
  $('corrections-list').replaceChildren(...listed.map(line));
}

const line = correction => el('li', { class: correction.undoneAt && 'undone' },
  el('p', { class: 'quiet' },
    el('strong', {}, correction.by.nickname), correction.by.userId === room.me() && ` (${t('you')})`, ' · ', el('time', { datetime: correction.createdAt }, momentOf(correction.createdAt))),
  el('p', { class: 'did' }, sentence(correction, 80)),
  correction.undoneAt
    ? el('p', { class: 'quiet' }, t('undone.at', { time: momentOf(correction.undoneAt) }))
    : el('button', { type: 'button', onclick: guard(() => undoListed(correction), problem) }, t('undo')));

async function undoListed(correction) {
  $('corrections-problem').textContent = '';
  const undone = await takeBack(room.current(), correction);
  listed = listed.map(other => (other === correction ? undone : other));
  draw();
  $('corrections-list').focus();
}
