// The page's words, by the browser's language.
const words = {
  en: {
    pitch: 'A busy room, untangled: every message is filed under its conversation while you watch.', nickname: 'Nickname', join: 'Join', newRoom: 'New room', api: 'API reference',
    search: 'Search', all: 'Show all', say: 'Say something', send: 'Send', high: 'Conversations', mid: 'Themes', low: 'Broad themes', summarise: 'Summarise', reclassify: 'Look again',
    import: 'Import a log', export: 'Export', summary: 'What was said', gone: 'deleted', edited: 'edited', reply: 'Reply', edit: 'Edit', del: 'Delete', replying: 'Replying to',
    none: 'Nothing to sum up yet.', rejected: 'lines were left out:', lost: 'Connection lost; trying again…', messages: 'messages',
  },
  ko: {
    pitch: '바쁜 방의 엉킨 대화를 풀어 드립니다. 메시지마다 어느 대화인지 바로 보입니다.', nickname: '닉네임', join: '들어가기', newRoom: '새 방', api: 'API 문서',
    search: '검색', all: '모두 보기', say: '메시지를 입력하세요', send: '보내기', high: '대화', mid: '주제', low: '큰 주제', summarise: '요약', reclassify: '다시 분류',
    import: '기록 가져오기', export: '내보내기', summary: '무슨 이야기였나', gone: '삭제됨', edited: '수정됨', reply: '답장', edit: '수정', del: '삭제', replying: '답장 대상',
    none: '아직 요약할 내용이 없습니다.', rejected: '줄을 제외했습니다:', lost: '연결이 끊겨 다시 시도합니다…', messages: '개 메시지',
  },
};
const mine = words[navigator.language.slice(0, 2)] ?? words.en;
export const t = key => mine[key];

export function translate() {
  document.documentElement.lang = mine === words.ko ? 'ko' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll('[data-placeholder]')) {
    element.placeholder = t(element.dataset.placeholder);
    element.setAttribute('aria-label', element.placeholder);
  }
}
