// Transcripts in, everything out, and long jobs with their progress.
import * as api from './api.js';
import { $, el, guard, toast } from './dom.js';
import { t, number } from './i18n.js';
import * as room from './room.js';

const SHOWN_REJECTED = 100;

/** What sorts the room, for its owner; null: somebody else's room. */
let topicsBy = null;

/** @param handlers `changed()` once a job has changed the room. */
export function start(handlers) {
  const dialog = $('import-dialog');
  $('import').addEventListener('click', () => {
    $('menu').open = false;
    $('import-result').replaceChildren();
    $('import-go').disabled = false;
    $('import-form').reset();
    $('date-row').hidden = true;
    dialog.showModal();
  });
  $('import-close').addEventListener('click', () => dialog.close());
  $('file').addEventListener('change', () => { $('date-row').hidden = formatOf($('file').files[0]) !== 'irc'; });
  $('import-form').addEventListener('submit', guard(async () => {
    $('import-go').disabled = true;
    try {
      await bringIn($('file').files[0]);
    } finally {
      $('import-go').disabled = false;
    }
    await handlers.changed();
  }));
  $('reclassify').addEventListener('click', guard(async () => {
    $('menu').open = false;
    const { jobId } = await api.reclassify(room.current());
    const job = await follow(jobId, 'reclassify.running');
    if (job.state === 'failed') toast(t('job.failed', { error: job.error ?? '' }), 'error');
    else toast(t('reclassify.done'));
    await handlers.changed();
  }));
  $('menu').addEventListener('toggle', guard(offerModel));
  $('topics-by').addEventListener('click', guard(async () => {
    $('menu').open = false;
    ({ topicsBy } = await api.fileTopicsBy(room.current(), topicsBy === 'model' ? 'local' : 'model'));
    toast(t(`model.${topicsBy}`));
  }));
}

export function enter({ channelId, topicsBy: by }, isOwner) {
  $('import').hidden = !isOwner;
  $('export').href = api.exportAddress(channelId);
  $('topics-by').hidden = true;
  topicsBy = isOwner ? by : null;
}

/** The cost is shown before the room is switched to the language model, where there is one. */
async function offerModel() {
  if (!$('menu').open || topicsBy === null) return;
  const { model } = await api.quality(room.current());
  $('topics-by').hidden = !model;
  if (model) $('topics-by').textContent = topicsBy === 'model' ? t('model.off') : t('model.on', { cost: number(model.per200Messages) });
}

const formatOf = file => (/\.jsonl$/i.test(file?.name ?? '') ? 'jsonl' : 'irc');

async function bringIn(file) {
  const format = formatOf(file);
  const bar = el('progress', { 'aria-label': t('import.title') });
  const text = el('p', {}, t('import.starting'));
  $('import-result').replaceChildren(text, bar);
  try {
    const { jobId } = await api.importFile(room.current(), format, format === 'irc' ? $('date').value : undefined, file);
    const job = await follow(jobId, 'import.running', now => { text.textContent = running('import.running', now); fill(bar, now); });
    text.textContent = job.state === 'failed' ? t('import.failed', { error: job.error ?? '' }) : t('import.done', { n: number(job.done - job.rejectedCount) });
    text.className = job.state === 'failed' ? 'failed' : 'done';
    if (job.rejectedCount > 0) {
      $('import-result').append(el('p', {}, t('import.rejected', { n: number(job.rejectedCount) })), el('ul', { class: 'rejected', tabindex: '0' },
        ...job.rejected.slice(0, SHOWN_REJECTED).map(({ line, code }) => el('li', {}, t('import.line', { line: number(line), code })))));
    }
  } catch (problem) {
    $('import-result').replaceChildren();
    throw problem;
  } finally {
    bar.remove();
  }
}

const running = (key, job) => t(key, { done: number(job.done), total: number(job.total) });

function fill(bar, job) {
  if (job.total > 0) Object.assign(bar, { max: job.total, value: job.done });
  else bar.removeAttribute('value');
}

// The strip above the messages shows the job too, for those who close the window.
async function follow(jobId, key, tell = () => {}) {
  $('job').hidden = false;
  $('job-text').textContent = '…';
  try {
    return await api.followJob(jobId, job => {
      $('job-text').textContent = running(key, job);
      fill($('job-bar'), job);
      tell(job);
    });
  } finally {
    $('job').hidden = true;
  }
}
