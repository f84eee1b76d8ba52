using System.Diagnostics.CodeAnalysis;

namespace AIChat.Domain.Common;

/// <summary>A result that can be an expected failure, for code that handles every kind of result alike.</summary>
public interface IFallible<out TSelf>
{
    static abstract TSelf Failed(Error error);
}

/// <summary>A value, or the expected failure that stood in its way.</summary>
public sealed class Result<T> : IFallible<Result<T>>
{
    private Result(T? value, Error? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value; null after a failure.</summary>
    public T? Value { get; }

    /// <summary>The failure; null where there is a value.</summary>
    public Error? Error { get; }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public static Result<T> Failed(Error error) => error;

    /// <summary>True with the value, or false with the failure.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Error? error)
    {
        value = Value;
        error = Error;
        return error is null;
    }
}

/// <summary>A success that has nothing to say.</summary>
public sealed record Nothing
{
    public static readonly Nothing Instance = new();

    private Nothing()
    {
    }
}
