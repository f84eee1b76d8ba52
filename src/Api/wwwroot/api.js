// Calls to the server. Addresses are relative, so that the page works below any path; the cookie says who asks.

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code;
  }
}

export async function call(method, path, body) {
  const raw = body instanceof Blob;
  const response = await fetch(path, {
    method,
    body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    headers: body === undefined || raw ? {} : { 'content-type': 'application/json' },
  });
  const text = await response.text();
  const json = text ? JSON.parse(text) : null;
  if (!response.ok) throw new Problem(response.status, json ?? {});
  return json;
}

export const room = (id, rest = '') => `chat/${encodeURIComponent(id)}${rest}`;

// Watches a job until it has ended; `seen` gets it each time.
export async function watchJob(id, seen) {
  for (;;) {
    const job = await call('GET', `jobs/${encodeURIComponent(id)}`);
    seen(job);
    if (job.state === 'succeeded' || job.state === 'failed') return job;
    await new Promise(later => setTimeout(later, 400));
  }
}
