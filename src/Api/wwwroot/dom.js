// Small helpers. Text of people only ever becomes text nodes.
import { t } from './i18n.js';
import { Problem } from './api.js';

export const $ = id => document.getElementById(id);

export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') node.className = value;
    else if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

export const iconButton = (name, label, onclick) => el('button', { type: 'button', class: 'icon', 'aria-label': label, title: label, onclick }, icon(name));

/** A topic's colour: the same id has the same hue everywhere. */
export function colour(node, topicId) {
  if (topicId) node.style.setProperty('--hue', hueOf(topicId));
  node.classList.toggle('coloured', Boolean(topicId));
  return node;
}

function hueOf(id) {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  hash ^= hash >>> 15;
  return ((hash >>> 0) % 48) * 7.5;
}

const address = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,:;!?)\]}]/g;

/** Text with its web addresses as links and, where a search led here, its words marked. */
export function prose(text, marked) {
  const parts = document.createDocumentFragment();
  let from = 0;
  for (const found of text.matchAll(address)) {
    parts.append(mark(text.slice(from, found.index), marked), el('a', { href: found[0], target: '_blank', rel: 'noopener noreferrer nofollow' }, found[0]));
    from = found.index + found[0].length;
  }
  parts.append(mark(text.slice(from), marked));
  return parts;
}

function mark(text, words) {
  const parts = document.createDocumentFragment();
  const wanted = (words ?? '').trim().split(/\s+/).filter(Boolean).map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!wanted.length) return parts.appendChild(document.createTextNode(text)), parts;
  for (const [i, piece] of text.split(new RegExp(`(${wanted.join('|')})`, 'giu')).entries()) parts.append(i % 2 ? el('mark', {}, piece) : piece);
  return parts;
}

export const shorten = (text, length = 90) => { const all = [...(text ?? '')]; return all.length > length ? `${all.slice(0, length).join('')}…` : all.join(''); };

/** Says something at the edge of the page for a while. @param offer a button on it: `label`, and `act()`, which ends the note. @returns the note. */
export function toast(text, kind = 'info', offer = null) {
  const note = el('div', { class: `toast ${kind}` }, el('span', {}, text),
    offer && el('button', { type: 'button', class: 'link', onclick: () => { note.remove(); offer.act(); } }, offer.label),
    iconButton('close', t('close'), () => note.remove()));
  $('toasts').append(note);
  while ($('toasts').childElementCount > 3) $('toasts').firstElementChild.remove();
  setTimeout(() => note.remove(), kind === 'error' || offer ? 9000 : 4000);
  return note;
}

/** What a failure means for the person, and its mend. */
export function mend(failure) {
  if (!(failure instanceof Problem)) return failure?.message ?? String(failure);
  if (failure.status === 0) return t('err.network');
  if (failure.status === 401) return t('err.session');
  if (failure.retryAfter && failure.detail) return t('err.busy', { detail: failure.detail, n: failure.retryAfter });
  return failure.detail ?? t('err.unknown', { code: failure.code });
}

export const ended = new EventTarget();

const sayFailure = failure => toast(mend(failure), 'error');

/** Runs what an event asked for; what fails is said (by `say`, where the edge of the page is covered), and a session that ended leads back to the door. */
export const guard = (act, say = sayFailure) => async event => {
  event?.preventDefault?.();
  try {
    return await act(event);
  } catch (failure) {
    if (failure instanceof Problem && failure.status === 401) ended.dispatchEvent(new Event('session'));
    else if (!(failure instanceof Problem)) console.error(failure);
    say(failure);
    return undefined;
  }
};

/** Runs `act` once, `pause` ms after the first of many calls. */
export function soon(pause, act) {
  let timer = 0;
  return () => { timer ||= setTimeout(() => { timer = 0; act(); }, pause); };
}
