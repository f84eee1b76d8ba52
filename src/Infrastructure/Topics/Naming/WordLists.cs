using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Words that tell nothing, or name nothing, in each language; files of words beside this class.</summary>
internal static class WordLists
{
    /// <summary>Function words and the fillers of chat.</summary>
    public static FrozenSet<string> EnglishStop { get; } = Load("stopwords.en.txt");

    /// <summary>Verbs, adjectives and all-purpose nouns: they carry a sentence but name no topic.</summary>
    public static FrozenSet<string> EnglishWeak { get; } = Load("weakwords.en.txt");

    /// <inheritdoc cref="EnglishStop"/>
    public static FrozenSet<string> KoreanStop { get; } = Load("stopwords.ko.txt");

    /// <inheritdoc cref="EnglishWeak"/>
    public static FrozenSet<string> KoreanWeak { get; } = Load("weakwords.ko.txt");

    /// <summary>Common nouns that end like a noun with a particle or like a verb, and nouns of one syllable.</summary>
    public static FrozenSet<string> KoreanNouns { get; } = Load("nouns.ko.txt");

    /// <summary>First names, which say who is spoken of and not what.</summary>
    public static FrozenSet<string> EnglishGivenNames { get; } = Load("givennames.en.txt");

    /// <summary>Verbs that belong into a name before their object: "rent car", "mount disk".</summary>
    public static FrozenSet<string> EnglishActions { get; } = Load("actions.en.txt");

    /// <summary>The lines of an embedded file that hold anything.</summary>
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
