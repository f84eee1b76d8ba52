// Builds what is shown. What people wrote only ever becomes text, never markup.
import { t } from './text.js';

export const $ = id => document.getElementById(id);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function button(text, className, act) {
  const element = make('button', className, text);
  element.type = 'button';
  element.addEventListener('click', act);
  return element;
}

// The same topic always has the same colour.
export function paint(element, topicId) {
  if (!topicId) return element.style.removeProperty('--topic');
  let hash = 0;
  for (const c of topicId) hash = (hash * 31 + c.charCodeAt(0)) % 360;
  element.style.setProperty('--topic', `hsl(${hash} 65% 50%)`);
}

export function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $('toast').hidden = true; }, 6000);
}

const clock = time => new Date(time).toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

// One message. `on` says what its buttons do; `topic` is what is known of its conversation.
export function messageView(message, topic, answered, mine, on) {
  const line = make('li');
  line.id = `m-${message.id}`;
  paint(line, message.topicId);
  if (message.replyTo) line.append(make('span', 'quote', `↪ ${answered ? `${answered.nickname}: ${answered.content ?? t('gone')}` : '…'}`.slice(0, 120)));
  line.append(make('span', 'who', message.nickname));
  line.append(make('span', message.content === null ? 'gone' : 'content', message.content ?? t('gone')), ' ');
  const time = make('time', '', clock(message.createdAt) + (message.editedAt ? ` · ${t('edited')}` : ''));
  time.dateTime = message.createdAt;
  line.append(time);
  if (topic) {
    const chip = button(topic.name, 'chip', () => on.topic(topic));
    paint(chip, topic.topicId);
    line.append(chip);
  }
  if (message.content !== null) {
    const tools = make('span', 'tools');
    tools.append(button(t('reply'), '', () => on.reply(message)));
    if (mine) tools.append(button(t('edit'), '', () => on.edit(message)), button(t('del'), '', () => on.remove(message)));
    line.append(tools);
  }
  return line;
}

export function topicView(topic, act) {
  const entry = make('li');
  const open = button(topic.name, '', act);
  paint(open, topic.topicId);
  const people = topic.participants.map(person => person.nickname);
  open.append(make('span', 'meta', `${topic.messageCount} ${t('messages')} · ${people.slice(0, 4).join(', ')}${people.length > 4 ? ` +${people.length - 4}` : ''}`));
  entry.append(open);
  return entry;
}

export function summaryView(summary, cite) {
  const body = make('div');
  const topics = Object.values(summary.summaries.high);
  if (topics.length === 0) body.append(make('p', '', t('none')));
  for (const topic of topics) {
    const title = make('h3', '', topic.name);
    paint(title, topic.topicId);
    const points = make('ul');
    for (const point of topic.points) {
      const entry = make('li', '', point.text);
      point.citations.forEach((id, i) => entry.append(button(`[${i + 1}]`, 'cite', () => cite(id, topic.topicId))));
      points.append(entry);
    }
    body.append(title, points);
  }
  return body;
}
