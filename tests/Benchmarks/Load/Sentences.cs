using System.Globalization;

namespace AIChat.Benchmarks.Load;

/// <summary>What people of an open chat might say, Korean and English mixed, 20 to 120 characters; and the mark that makes a message measurable.</summary>
internal static class Sentences
{
    static readonly string[] All =
    [
        "오늘 점심 뭐 먹을까요? 회사 앞 김치찌개집 어때요",
        "어제 배포한 서버가 또 느려졌어요, 로그부터 확인해 볼게요",
        "Does anyone know why the build fails on main since this morning?",
        "주말에 등산 가실 분 계신가요? 날씨가 좋다고 하네요",
        "I pushed a fix for the reconnect bug, could somebody take a look at the pull request?",
        "회의는 세 시로 옮겨졌습니다. 회의실은 그대로 4층이에요",
        "The new release notes are out, and they finally mention the memory leak we found last month.",
        "그 영화 봤는데 생각보다 지루했어요, 배우들 연기는 좋았지만",
        "데이터베이스 인덱스를 추가했더니 조회가 열 배는 빨라진 것 같아요. 확인 부탁드려요",
        "Try clearing the cache first; it helped me the last time this happened.",
        "혹시 도커 없이 로컬에서 테스트를 돌리는 방법 아시는 분 계세요?",
        "My train is late again, please start the meeting without me and send the notes.",
        "고양이가 키보드 위에 앉아서 이상한 메시지를 보냈네요, 죄송합니다 ㅋㅋ",
        "Which keyboard did you buy in the end, the quiet one or the one with the loud switches?",
        "프로젝트 마감이 금요일이라서 오늘은 조금 늦게까지 남아 있을 예정입니다",
        "그 문제는 타임아웃 설정 때문이었어요. 기본값이 30초라서 큰 파일에서 끊기더라고요, 설정 파일에서 늘리면 됩니다",
        "That makes sense, thanks! I will write it down so that the next person does not have to search.",
        "서울에서 부산까지 기차표 예매하신 분 있나요? 벌써 매진이래요",
        "We should measure before we change anything, last time the guess was wrong by an order of magnitude.",
        "네 알겠습니다, 내일 아침에 다시 말씀드릴게요. 좋은 저녁 되세요!",
    ];

    /// <summary>Message <paramref name="number"/> of a run with the <see cref="System.Diagnostics.Stopwatch"/> timestamp at which it was meant to be sent.</summary>
    public static string Write(int number, long intended) =>
        string.Create(CultureInfo.InvariantCulture, $"{All[number % All.Length]} #{number}@{intended}");

    /// <returns>False for a text that <see cref="Write"/> did not make.</returns>
    public static bool TryRead(string? content, out int number, out long intended)
    {
        (number, intended) = (0, 0);
        var text = content.AsSpan();
        var at = text.LastIndexOf('@');
        var hash = text.LastIndexOf('#');
        return hash >= 0 && at > hash
            && int.TryParse(text[(hash + 1)..at], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out intended);
    }
}
