// The live connection: keeps itself up, and says when it is.
import { $, ended } from './dom.js';
import { t } from './i18n.js';
import { me } from './api.js';

const EVENTS = ['chat', 'chatUpdated', 'chatDeleted', 'topic', 'topics', 'topicDrift', 'summary', 'newRoom', 'read'];

let connection = null;
let isWanted = false;

export const isUp = () => connection?.state === signalR.HubConnectionState.Connected;
export const invoke = (method, ...values) => connection.invoke(method, ...values);

/** @param handlers one function for each event of interest, and `up()` whenever the connection stands (again). */
export function start(handlers) {
  isWanted = true;
  connection = new signalR.HubConnectionBuilder()
    .withUrl('./hub/chat')
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: retry => Math.min(500 * 2 ** retry.previousRetryCount, 8000) })
    .configureLogging(signalR.LogLevel.None)
    .build();
  for (const name of EVENTS) connection.on(name, handlers[name] ?? (() => {}));
  connection.onreconnecting(() => say(t('conn.lost')));
  connection.onreconnected(() => { say(''); handlers.up(); });
  connection.onclose(() => { if (isWanted) stand(connection, handlers); });
  stand(connection, handlers);
}

export async function stop() {
  isWanted = false;
  say('');
  await connection?.stop();
}

async function stand(which, handlers) {
  for (let pause = 500; isWanted && which === connection; pause = Math.min(pause * 2, 8000)) {
    try {
      await which.start();
      say('');
      handlers.up();
      return;
    } catch {
      say(t('conn.off'));
      // A session that ended would be refused for ever; the REST side knows.
      if (await me().then(() => false, problem => problem.status === 401)) {
        ended.dispatchEvent(new Event('session'));
        return;
      }
    }
    await new Promise(later => setTimeout(later, pause));
  }
}

function say(text) {
  $('offline').hidden = !text;
  $('offline').textContent = text;
}
