using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Word lists of each language, from the files beside this class.</summary>
internal static class WordLists
{
    /// <summary>Function words and the fillers of chat.</summary>
    public static FrozenSet<string> EnglishStop { get; } = Load("stopwords.en.txt");

    /// <summary>Verbs, adjectives and general nouns, which name no topic.</summary>
    public static FrozenSet<string> EnglishWeak { get; } = Load("weakwords.en.txt");

    /// <inheritdoc cref="EnglishStop"/>
    public static FrozenSet<string> KoreanStop { get; } = Load("stopwords.ko.txt");

    /// <inheritdoc cref="EnglishWeak"/>
    public static FrozenSet<string> KoreanWeak { get; } = Load("weakwords.ko.txt");

    /// <summary>Common nouns that end like a noun with a particle or like a verb, and nouns of one syllable.</summary>
    public static FrozenSet<string> KoreanNouns { get; } = Load("nouns.ko.txt");

    /// <summary>First names, which name a person and no topic.</summary>
    public static FrozenSet<string> EnglishGivenNames { get; } = Load("givennames.en.txt");

    /// <summary>Verbs that may stand before their object in a name: "rent car", "mount disk".</summary>
    public static FrozenSet<string> EnglishActions { get; } = Load("actions.en.txt");

    /// <summary>The lines of an embedded file that are not blank.</summary>
    public static string[] Lines(string file) => Read(file).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static FrozenSet<string> Load(string file) => Read(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static string Read(string file)
    {
        var type = typeof(WordLists);
        using var stream = type.Assembly.GetManifestResourceStream(type, file) ?? throw new InvalidOperationException($"{file} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
