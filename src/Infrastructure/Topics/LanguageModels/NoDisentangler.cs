using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>There is no language model: conversations are the offline engine's.</summary>
internal sealed class NoDisentangler : IDisentangler
{
    public string? Engine => null;

    public decimal Estimate(long lines) => 0;

    public Task<Disentanglement> DisentangleAsync(DisentanglementRequest request, CancellationToken cancellation) => Task.FromResult(new Disentanglement(request.Offline, request.From, 0));
}
