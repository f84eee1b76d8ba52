using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.Topics.Quotes;

/// <summary>Leaves out what opens and closes a remark without telling anything: "oh yes, …", "네 그럼 …", "… ㅋㅋㅋ", "… ^^".</summary>
internal static partial class Interjections
{
    /// <summary>A quote of fewer words stays as it is: "네 좋아요" is an answer.</summary>
    private const int FewestWords = 2;

    public static string Trimmed(string text)
    {
        var trimmed = Closing().Replace(Opening().Replace(text, string.Empty), string.Empty);
        return trimmed.AsSpan().Count(' ') + 1 >= FewestWords ? trimmed : text;
    }

    [GeneratedRegex(
        @"^(((oh|ah|aha|ok|okay|yeah|yes|yep|yup|hey|hi|hello|um|uh|uhm|hm+|haha+|lol|아+|오+|어+|음+|네+|넵|넹|옙|예|앗|헉|헐|와|우와|그럼|ㅋ+|ㅎ+|[ㅠㅜ]+)[,.!~…]*|(well|so|right|sure|now|alright|anyway|then)[,.!…]+)\s+)+",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Opening();

    [GeneratedRegex(@"(\s*([ㅋㅎㅠㅜ]{2,}|\^\^+|:\)+|;\)+|\blol|\bhaha+|[\uD83C-\uD83E][\uDC00-\uDFFF]\uFE0F?|~+)\s*)+$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Closing();
}
