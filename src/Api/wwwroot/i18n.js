// Words of the page in Korean and English, chosen by the browser's language.
const en = {
  'join.title': 'Every conversation of a busy room, told apart',
  'join.lead': 'Talk as you always do. AIChat finds the conversations that run at the same time, names them, and says what was said, with proof.',
  'join.nickname': 'Your nickname', 'join.example': 'mina', 'join.enter': 'Come in', 'join.open': 'An open chat: no password, no e-mail.',
  'side.label': 'Rooms and topics', 'side.open': 'Rooms and topics', close: 'Close', cancel: 'Cancel', delete: 'Delete', more: 'Show more', api: 'API', menu: 'More',
  'rooms.title': 'Rooms', 'rooms.new': 'New room', 'rooms.create': 'Create the room', 'rooms.none': 'No room yet. Create the first one above.',
  'rooms.unread': '{n} unread', logout: 'Log out',
  'topics.title': 'Topics', 'topics.levels': 'How fine', 'topics.high': 'Talks', 'topics.mid': 'Groups', 'topics.low': 'Themes',
  'topics.empty': 'Topics appear here as people talk.', 'topics.facts': '{n} messages · {people}', 'topics.others': '{people} +{n}', 'outcome.show': 'Show the message that says so',
  welcome: 'Choose a room on the left, or create one.', 'room.facts': '{n} messages', messages: 'Messages', search: 'Search messages', 'search.short': 'Search',
  say: 'Say something', send: 'Send', reply: 'Reply', edit: 'Edit', 'show.inRoom': 'Show in the room',
  replying: 'Reply to {name}: {text}', editing: 'You are editing your message', edited: 'edited', deleted: 'This message was deleted.',
  'reply.earlier': 'an earlier message', imported: 'imported', sorting: 'sorting…', 'new.line': 'New', 'delete.ask': 'Delete this message for everybody?',
  sending: 'Sending…', resending: 'Not sent yet, trying again…', unsent: 'Not sent.', resend: 'Send again', discard: 'Discard',
  'to.end': 'Newest', 'to.end.new': '{n} new', 'older.loading': 'Loading older messages…', 'older.none': 'The beginning of the room',
  'filter.clear': 'Show everything', 'filter.label': 'Found messages', 'filter.empty': 'Nothing found. Two letters of a word suffice.', 'filter.search': 'Messages with “{q}”', 'filter.by-meaning': 'By meaning', 'filter.meaning': 'What comes nearest to “{q}” in meaning',
  'filter.topic': 'Only this topic', 'summary.open': 'Summarise', 'summary.title': 'Summary', 'summary.last': 'Last messages', 'summary.make': 'Make',
  'summary.none': 'No summary yet. Choose how far back and press Make.', 'summary.working': 'Reading…', 'summary.nothing': 'There is nothing to sum up yet.',
  'summary.facts': '{n} messages read · {engine}', 'summary.left': '{n} left out at their authors’ wish', 'summary.extractive': 'made on this server, without a language model',
  'summary.unread': 'Since I last read', 'summary.language': 'Language', 'summary.language.room': 'As in the room', 'summary.some': '{n} were too many to read', 'summary.in.ko': 'quoted in Korean', 'summary.in.en': 'quoted in English', 'summary.stale': 'Topics have changed since this was made.',
  'summary.instead.budget_spent': 'The language model’s budget is spent until {when}; these are quotes instead.', 'summary.instead.model_unavailable': 'The language model does not answer now; these are quotes instead.',
  'summary.instead.other': 'The language model’s answer could not be used; these are quotes instead.', 'point.decision': 'Decision', 'point.actionItem': 'To do', 'point.question': 'Open question',
  'point.weak': 'unsure', 'point.weak.why': 'Shares little with its sources: look at them.', 'vote.up': 'Good', 'vote.down': 'Not good',
  'digest.title': 'Digest', 'digest.off': 'Off', 'digest.hourly': 'Hourly', 'digest.daily': 'Daily', 'digest.hour': 'Hour', 'digest.zone': 'Time zone', 'digest.save': 'Save', 'digest.saved': 'Saved.',
  'summary.source': 'Source {n}: show the message', 'summary.source.of': 'Source {n}, {name}: {text}',
  'import.open': 'Import a transcript…', 'import.title': 'Import a transcript', 'import.lead': 'JSON lines (.jsonl: nickname, content, createdAt, replyTo) or an IRC log (.txt).',
  'import.file': 'Transcript file', 'import.date': 'Day of the first line', 'import.go': 'Import', 'import.running': 'Importing {done} of {total}', 'import.starting': 'Sending the file…',
  'import.done': 'Done: {n} lines taken in.', 'import.rejected': '{n} lines were not taken in:', 'import.line': 'line {line}: {code}', 'import.failed': 'The import stopped: {error}',
  'model.on': 'Sort new messages by the language model (about ${cost} for 200)', 'model.off': 'Sort without the language model', 'model.model': 'The language model sorts new messages from now on.', 'model.local': 'Messages are sorted on this server alone.',
  reclassify: 'Sort all messages again', 'reclassify.running': 'Sorting again, {done} of {total}', 'reclassify.done': 'All messages were sorted again.', 'job.failed': 'The job failed: {error}',
  export: 'Export (.jsonl)', 'conn.lost': 'Connection lost. Connecting again…', 'conn.back': 'Connected again.', 'conn.off': 'Not connected. Trying again shortly.',
  'found.far': 'That message lies too far back to show here.', 'found.gone': 'That message is no longer there.',
  'err.network': 'The server cannot be reached. Check the connection; it is tried again when you repeat it.',
  'err.busy': '{detail} Try again in {n} s.', 'err.session': 'Your session has ended. Choose a nickname to come in again.', 'err.unknown': 'Something went wrong ({code}).',
  'msg.new': '{name}: {text}', you: 'you', 'topics.single': 'Single messages',
  'topics.byHand': 'Named by a person', 'topic.gone': 'This topic is no longer there.', drift: 'Turned to something else', 'drift.at': 'Turned to something else at {time}', 'drift.split': 'Split there…',
  rename: 'Rename', 'rename.title': 'Name of the topic', merge: 'Merge…', 'merge.title': 'With which conversation?', 'merge.go': 'Merge', 'merge.lead': '“{name}” and another one become one conversation.',
  'merge.given': 'The name “{name}” stays, because a person gave it.', 'merge.found': 'It goes on as “{name}”; as no person gave that name, it may change.',
  move: 'Move…', 'move.title': 'Where does this message belong?', 'move.go': 'Move', 'choose.filter': 'Filter by name', 'choose.here': 'it is here', 'choose.none': 'There is no such conversation.',
  'choose.most': 'Only the {n} latest conversations are listed.', split: 'Split…', 'split.count': '{n} chosen', 'split.name': 'Name, if you like', 'split.go': 'Split off',
  'corrections.open': 'Corrections…', 'corrections.title': 'What people put right', 'corrections.none': 'Nothing yet. Topics can be renamed, merged and split, and messages moved.',
  'did.rename': 'Renamed “{former}” to “{name}”', 'did.merge': 'Merged into “{name}”, {n} messages moved', 'did.split': 'Split off {n} messages as “{name}”', 'did.move': 'Moved a message to “{name}”',
  undo: 'Undo', undone: 'Taken back.', 'undone.at': 'Taken back on {time}',
};
const ko = {
  'join.title': '복잡한 대화방의 이야기를 갈래별로',
  'join.lead': '평소처럼 대화하세요. AIChat이 동시에 오가는 대화를 찾아 나누고, 이름을 붙이고, 무슨 말이 오갔는지 근거와 함께 알려 드립니다.',
  'join.nickname': '닉네임', 'join.example': '민지', 'join.enter': '들어가기', 'join.open': '열린 채팅입니다. 비밀번호도 이메일도 필요 없어요.',
  'side.label': '대화방과 주제', 'side.open': '대화방과 주제', close: '닫기', cancel: '취소', delete: '삭제', more: '더 보기', api: 'API', menu: '더 보기',
  'rooms.title': '대화방', 'rooms.new': '새 대화방', 'rooms.create': '대화방 만들기', 'rooms.none': '아직 대화방이 없어요. 위에서 첫 방을 만들어 보세요.',
  'rooms.unread': '안 읽은 메시지 {n}개', logout: '나가기',
  'topics.title': '주제', 'topics.levels': '나누는 정도', 'topics.high': '대화', 'topics.mid': '묶음', 'topics.low': '큰 주제',
  'topics.empty': '대화가 오가면 주제가 여기에 나타나요.', 'topics.facts': '메시지 {n}개 · {people}', 'topics.others': '{people} 외 {n}명', 'outcome.show': '근거가 된 메시지 보기',
  welcome: '왼쪽에서 대화방을 고르거나 새로 만드세요.', 'room.facts': '메시지 {n}개', messages: '메시지', search: '메시지 검색', 'search.short': '검색',
  say: '메시지를 입력하세요', send: '보내기', reply: '답장', edit: '수정', 'show.inRoom': '대화방에서 보기',
  replying: '{name}님에게 답장: {text}', editing: '메시지를 수정하는 중', edited: '수정됨', deleted: '삭제된 메시지입니다.',
  'reply.earlier': '이전 메시지', imported: '가져옴', sorting: '분류 중…', 'new.line': '여기부터 안 읽음', 'delete.ask': '이 메시지를 모두에게서 삭제할까요?',
  sending: '보내는 중…', resending: '아직 못 보냈어요. 다시 시도하는 중…', unsent: '보내지 못했어요.', resend: '다시 보내기', discard: '지우기',
  'to.end': '최신 메시지', 'to.end.new': '새 메시지 {n}개', 'older.loading': '이전 메시지를 불러오는 중…', 'older.none': '대화방의 시작',
  'filter.clear': '모두 보기', 'filter.label': '찾은 메시지', 'filter.empty': '찾은 메시지가 없어요. 두 글자만 넣어도 찾을 수 있어요.', 'filter.search': '“{q}” 검색 결과', 'filter.by-meaning': '의미로 찾기', 'filter.meaning': '“{q}”와 뜻이 가장 가까운 메시지',
  'filter.topic': '이 주제만 보는 중', 'summary.open': '요약', 'summary.title': '요약', 'summary.last': '최근 메시지', 'summary.make': '요약하기',
  'summary.none': '아직 요약이 없어요. 범위를 고르고 요약하기를 누르세요.', 'summary.working': '읽는 중…', 'summary.nothing': '아직 요약할 내용이 없어요.',
  'summary.facts': '메시지 {n}개를 읽음 · {engine}', 'summary.left': '작성자 요청으로 {n}개 제외', 'summary.extractive': '언어 모델 없이 이 서버에서 만듦',
  'summary.unread': '안 읽은 메시지', 'summary.language': '언어', 'summary.language.room': '대화방 언어로', 'summary.some': '{n}개는 너무 많아 읽지 못함', 'summary.in.ko': '한국어 원문 인용', 'summary.in.en': '영어 원문 인용', 'summary.stale': '요약 이후 주제가 바뀌었어요.',
  'summary.instead.budget_spent': '언어 모델 예산을 다 썼어요({when}까지). 대신 원문을 인용했어요.', 'summary.instead.model_unavailable': '언어 모델이 지금 응답하지 않아요. 대신 원문을 인용했어요.',
  'summary.instead.other': '언어 모델의 답을 쓸 수 없었어요. 대신 원문을 인용했어요.', 'point.decision': '결정', 'point.actionItem': '할 일', 'point.question': '미해결 질문',
  'point.weak': '불확실', 'point.weak.why': '근거와 겹치는 말이 적어요. 근거를 확인하세요.', 'vote.up': '좋아요', 'vote.down': '별로예요',
  'digest.title': '정기 요약', 'digest.off': '끔', 'digest.hourly': '매시간', 'digest.daily': '매일', 'digest.hour': '시', 'digest.zone': '시간대', 'digest.save': '저장', 'digest.saved': '저장했어요.',
  'summary.source': '근거 {n}: 메시지 보기', 'summary.source.of': '근거 {n}, {name}: {text}',
  'import.open': '대화 기록 가져오기…', 'import.title': '대화 기록 가져오기', 'import.lead': 'JSON 줄(.jsonl: nickname, content, createdAt, replyTo) 또는 IRC 기록(.txt)을 고르세요.',
  'import.file': '기록 파일', 'import.date': '첫 줄의 날짜', 'import.go': '가져오기', 'import.running': '{total}줄 중 {done}줄 가져오는 중', 'import.starting': '파일을 보내는 중…',
  'import.done': '완료: {n}줄을 가져왔어요.', 'import.rejected': '{n}줄은 가져오지 못했어요:', 'import.line': '{line}번째 줄: {code}', 'import.failed': '가져오기가 멈췄어요: {error}',
  'model.on': '새 메시지를 언어 모델로 분류하기 (200개에 약 ${cost})', 'model.off': '언어 모델 없이 분류하기', 'model.model': '이제부터 언어 모델이 새 메시지를 분류해요.', 'model.local': '메시지를 이 서버에서만 분류해요.',
  reclassify: '전체 다시 분류하기', 'reclassify.running': '다시 분류하는 중, {total} 중 {done}', 'reclassify.done': '모든 메시지를 다시 분류했어요.', 'job.failed': '작업이 실패했어요: {error}',
  export: '내보내기 (.jsonl)', 'conn.lost': '연결이 끊겼어요. 다시 연결하는 중…', 'conn.back': '다시 연결됐어요.', 'conn.off': '연결되지 않았어요. 곧 다시 시도할게요.',
  'found.far': '너무 오래된 메시지라 여기서 보여 드릴 수 없어요.', 'found.gone': '그 메시지는 이제 없어요.',
  'err.network': '서버에 연결할 수 없어요. 네트워크를 확인하고 다시 해 보세요.',
  'err.busy': '{detail} {n}초 뒤에 다시 해 보세요.', 'err.session': '접속이 끝났어요. 닉네임을 정하고 다시 들어오세요.', 'err.unknown': '문제가 생겼어요 ({code}).',
  'msg.new': '{name}: {text}', you: '나', 'topics.single': '혼자 남은 메시지',
  'topics.byHand': '사람이 붙인 이름', 'topic.gone': '이 주제는 이제 없어요.', drift: '다른 이야기로 넘어감', 'drift.at': '{time}부터 다른 이야기로 넘어감', 'drift.split': '여기서 나누기…',
  rename: '이름 바꾸기', 'rename.title': '주제 이름', merge: '합치기…', 'merge.title': '어느 대화와 합칠까요?', 'merge.go': '합치기', 'merge.lead': '“{name}” 대화와 고른 대화가 하나가 돼요.',
  'merge.given': '사람이 붙인 이름 “{name}”을 그대로 써요.', 'merge.found': '“{name}” 대화로 이어져요. 사람이 붙인 이름이 아니라서 바뀔 수 있어요.',
  move: '옮기기…', 'move.title': '이 메시지는 어느 대화에 속하나요?', 'move.go': '옮기기', 'choose.filter': '이름으로 찾기', 'choose.here': '지금 여기', 'choose.none': '그런 대화가 없어요.',
  'choose.most': '최근 대화 {n}개만 보여 드려요.', split: '나누기…', 'split.count': '{n}개 선택', 'split.name': '새 이름 (생략 가능)', 'split.go': '나누기',
  'corrections.open': '바로잡은 내역…', 'corrections.title': '바로잡은 내역', 'corrections.none': '아직 없어요. 주제의 이름을 바꾸고, 합치고, 나누고, 메시지를 옮길 수 있어요.',
  'did.rename': '이름을 바꿨어요: “{former}” → “{name}”', 'did.merge': '대화를 합쳤어요: “{name}”, 메시지 {n}개 이동', 'did.split': '메시지 {n}개를 나눴어요: “{name}”', 'did.move': '메시지를 옮겼어요: “{name}”',
  undo: '되돌리기', undone: '되돌렸어요.', 'undone.at': '{time}에 되돌림',
};

export const language = (navigator.language || 'en').toLowerCase().startsWith('ko') ? 'ko' : 'en';
const words = language === 'ko' ? ko : en;

/** The page's words for `key`, with `{name}` places filled in. */
export function t(key, values = {}) {
  const said = (words[key] ?? en[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  return language === 'en' && String(values.n) === '1' ? said.replace(/\b1 (message|line)s\b/, '1 $1').replace('1 line were', '1 line was') : said;
}

/** Fills in everything that carries data-t, data-t-label or data-t-placeholder. */
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const node of root.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll('[data-t-label]')) {
    node.setAttribute('aria-label', t(node.dataset.tLabel));
    if (node.matches('button, summary')) node.title = t(node.dataset.tLabel);
  }
  for (const node of root.querySelectorAll('[data-t-placeholder]')) node.placeholder = t(node.dataset.tPlaceholder);
}

const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(language, { dateStyle: 'full' });
const whole = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
const count = new Intl.NumberFormat(language);

export const timeOf = iso => clock.format(new Date(iso));
export const dayOf = iso => day.format(new Date(iso));
export const momentOf = iso => whole.format(new Date(iso));
export const number = n => count.format(n ?? 0);
