using System.Globalization;
using System.Numerics;

namespace AIChat.Infrastructure.Common;

/// <summary>
/// Reads settings from variables, and validates each as it is read. It remembers the names that it was asked for: those are the settings that exist, so misspelt variables are found without a
/// second list. A blank value counts as not set. Errors name the variable and the remedy, never the value, which may be a secret.
/// </summary>
public sealed class SettingsReader
{
    private const string OwnPrefix = "AICHAT_";

    private static readonly StringComparer Names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly Func<string, string?> _get;
    private readonly string _folder;
    private readonly HashSet<string> _known;

    /// <param name="get">The value of a variable; null: not set.</param>
    /// <param name="folder">Relative paths are relative to this folder.</param>
    public SettingsReader(Func<string, string?> get, string folder)
        : this(get, folder, new HashSet<string>(Names))
    {
    }

    private SettingsReader(Func<string, string?> get, string folder, HashSet<string> known) => (_get, _folder, _known) = (get, folder, known);

    /// <summary>Every name that was read.</summary>
    public IReadOnlySet<string> Known => _known;

    /// <summary>Reads as if no variable were set: for settings that exist but do not apply. Their names become known; their values are not validated.</summary>
    public SettingsReader Unset() => new(_ => null, _folder, _known);

    /// <summary>The value without white space around it; null: not set.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        return _get(name)?.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <param name="mistake">What follows the name in the error: what is wrong, and the remedy.</param>
    /// <exception cref="SettingException">It is set and not valid.</exception>
    public string? Text(string name, Func<string, bool> isValid, string mistake) => Parsed(name, text => isValid(text) ? text : null, mistake);

    /// <summary>Items separated by commas; none: not set.</summary>
    public IReadOnlyList<string> List(string name) => (Text(name) ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <param name="parse">Null: the text has another form.</param>
    /// <inheritdoc cref="Text(string, Func{string, bool}, string)"/>
    public T? Parsed<T>(string name, Func<string, T?> parse, string mistake)
        where T : class
        => Text(name) is { } text ? parse(text) ?? throw new SettingException($"{name} {mistake}") : null;

    /// <exception cref="SettingException">It is no whole number within the limits.</exception>
    public T Number<T>(string name, T otherwise, T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        if (Text(name) is not { } text)
            return otherwise;
        return T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingException(string.Create(CultureInfo.InvariantCulture, $"{name} is not a whole number from {least} to {most}; correct it or unset it for {otherwise}."));
    }

    /// <summary>Unset: false.</summary>
    /// <exception cref="SettingException">It is neither true nor false.</exception>
    public bool Flag(string name) => (Text(name) ?? "false").ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        _ => throw new SettingException($"{name} is not true or false; correct it or unset it for false."),
    };

    /// <exception cref="SettingException">It is no amount from 0 to a million.</exception>
    public decimal? Dollars(string name)
    {
        if (Text(name) is not { } text)
            return null;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars) && dollars <= 1_000_000
            ? dollars
            : throw new SettingException($"{name} is not an amount of US dollars, such as 2.50; correct it or unset it.");
    }

    /// <exception cref="SettingException">It is no absolute http or https address.</exception>
    public Uri? Url(string name) => Parsed(name, HttpUrl, "is not an address, such as http://127.0.0.1:8000/v1; correct it or unset it.");

    /// <summary>Null: the text is no absolute http or https address.</summary>
    public static Uri? HttpUrl(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;

    /// <summary>An absolute path.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, _folder);

    /// <summary>The variables that look like settings and are none: names that begin with <c>AICHAT_</c> and names that differ from a setting's by a slip. Ask after everything has been read.</summary>
    /// <param name="set">The names of all variables of the process.</param>
    public IReadOnlyList<UnknownSetting> Unknown(IEnumerable<string> set) =>
    [
        .. set.Distinct(Names).Order(StringComparer.Ordinal)
            .Where(name => !_known.Contains(name) && !string.IsNullOrWhiteSpace(_get(name)))
            .Select(name => new UnknownSetting(name, Nearest(name)))
            .Where(unknown => unknown.Meant is not null || unknown.Name.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase)),
    ];

    private string? Nearest(string name)
    {
        var typed = Letters(name);
        return _known.Select(known => (Name: known, Letters: Letters(known)))
            .Where(known => Math.Abs(known.Letters.Length - typed.Length) <= Slips(known.Letters))
            .Select(known => (known.Name, known.Letters, Distance: EditDistance(typed, known.Letters)))
            .Where(known => known.Distance <= Slips(known.Letters))
            .OrderBy(known => known.Distance).ThenBy(known => known.Name, StringComparer.Ordinal)
            .Select(known => known.Name).FirstOrDefault();
    }

    /// <summary>In short names two other letters make another word.</summary>
    private static int Slips(string letters) => letters.Length < 8 ? 1 : 2;

    private static string Letters(string name) => name.Replace("_", string.Empty, StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Insertions, deletions and substitutions (Levenshtein 1966).</summary>
    private static int EditDistance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}

/// <param name="Meant">The setting of a similar name; null: there is none.</param>
public sealed record UnknownSetting(string Name, string? Meant);
