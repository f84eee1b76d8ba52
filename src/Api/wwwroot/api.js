// Calls to the server. Addresses are relative, so that the page also works below a path.

/** A refusal: `code` is stable, `detail` says the mend, `status` 0 = the server was not reached. */
export class Problem extends Error {
  constructor(status, code, detail, retryAfter) {
    super(detail || code);
    Object.assign(this, { status, code, detail, retryAfter });
  }
}

/** Whether the same call may succeed a little later. */
export const isPassing = problem => problem.status === 0 || problem.status === 429 || problem.status >= 500;

export async function call(method, path, body) {
  const response = await ask(method, path, body, 'application/json');
  return response.status === 204 ? null : response.json();
}

async function ask(method, path, body, accept, signal) {
  const isFile = body instanceof Blob;
  let response;
  try {
    response = await fetch(`./${path}`, {
      method,
      signal,
      credentials: 'same-origin',
      headers: { Accept: accept, ...(body === undefined ? {} : { 'Content-Type': isFile ? 'text/plain' : 'application/json' }) },
      body: body === undefined || isFile ? body : JSON.stringify(body),
    });
  } catch (failure) {
    throw failure.name === 'AbortError' ? failure : new Problem(0, 'network');
  }
  if (!response.ok) {
    const said = await response.json().catch(() => ({}));
    throw new Problem(response.status, said.code ?? `http_${response.status}`, said.detail ?? said.title, Number(response.headers.get('Retry-After')) || undefined);
  }
  return response;
}

/** A summary's events as they come: `{event, data}`, the last one `done`. */
export async function* summarise(question, signal) {
  const response = await ask('POST', 'chat/summary', question, 'text/event-stream', signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let left = ''; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (left + value).split('\n\n');
    left = parts.pop();
    for (const part of parts) {
      const lines = part.split('\n');
      const event = lines.find(line => line.startsWith('event:'))?.slice(6).trim();
      const data = JSON.parse(lines.filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n') || 'null');
      if (event === 'error') throw new Problem(503, data.code, data.message, data.retryAfter && Math.ceil(data.retryAfter));
      yield { event, data };
    }
  }
}

const query = values => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given)}` : '';
};
const inRoom = (id, rest = '') => `chat/${encodeURIComponent(id)}${rest}`;

export const me = () => call('GET', 'user/me');
export const join = nickname => call('POST', 'user', { nickname });
export const logout = () => call('POST', 'user/logout');

export const rooms = cursor => call('GET', `chat${query({ cursor, limit: 50 })}`);
export const openRoom = channelName => call('POST', 'chat', { channelName });
export const enter = id => call('GET', inRoom(id, query({ limit: 100 })));
export const markRead = (id, seq) => call('POST', inRoom(id, '/read'), { seq });

export const messages = (id, which) => call('GET', inRoom(id, `/messages${query({ limit: 100, ...which })}`));
export const post = (id, message) => call('POST', inRoom(id), message);
export const edit = (id, message, content) => call('PATCH', inRoom(id, `/messages/${encodeURIComponent(message)}`), { content });
export const remove = (id, message) => call('DELETE', inRoom(id, `/messages/${encodeURIComponent(message)}`));

export const topics = (id, level, cursor) => call('GET', inRoom(id, `/topics${query({ level, cursor, limit: 100 })}`));
export const rename = (id, topic, name) => call('PATCH', inRoom(id, `/topics/${encodeURIComponent(topic)}`), { name });
export const merge = (id, topicIds) => call('POST', inRoom(id, '/topics/merge'), { topicIds });
export const split = (id, topic, messageIds, name) => call('POST', inRoom(id, `/topics/${encodeURIComponent(topic)}/split`), { messageIds, name });
export const move = (id, message, topicId) => call('PUT', inRoom(id, `/messages/${encodeURIComponent(message)}/topic`), { topicId });
export const corrections = (id, limit, cursor) => call('GET', inRoom(id, `/topics/corrections${query({ cursor, limit })}`));
export const undo = (id, correction) => call('POST', inRoom(id, `/topics/corrections/${encodeURIComponent(correction)}/undo`));

export const reclassify = id => call('POST', inRoom(id, '/reclassify'));
export const quality = id => call('GET', inRoom(id, '/topics/quality'));
export const fileTopicsBy = (id, topicsBy) => call('PATCH', inRoom(id), { topicsBy });
export const rate = (id, summary, vote) => call('POST', inRoom(id, `/summary/${encodeURIComponent(summary)}/feedback`), vote);
export const planDigest = (id, digest) => call('PATCH', inRoom(id), { digest });
export const latestSummary = id => call('GET', inRoom(id, '/summary'));

export const importFile = (id, format, date, file) => call('POST', inRoom(id, `/import${query({ format, date })}`), file);
export const exportAddress = id => `./${inRoom(id, '/export?format=jsonl')}`;

/** Follows a job to its end; `tell` hears of every step. A server that is away for a while is asked again. */
export async function followJob(jobId, tell) {
  for (let away = 0; ;) {
    try {
      const job = await call('GET', `jobs/${encodeURIComponent(jobId)}`);
      away = 0;
      tell(job);
      if (job.state === 'succeeded' || job.state === 'failed') return job;
    } catch (problem) {
      if (!isPassing(problem) || ++away > 60) throw problem;
    }
    await new Promise(later => setTimeout(later, away ? 2000 : 400));
  }
}

/** An id that nobody else makes; `randomUUID` is missing on plain http. */
export const newId = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
