using AIChat.Application.Topics;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Starts jobs for rooms that the loaded sentence encoder has not embedded. The query reads all rooms, so it runs seldom.</summary>
internal sealed class UnseenRooms(IMediator mediator, TimeProvider time, ILogger<UnseenRooms> log) : RepeatedWork(TimeSpan.FromSeconds(10), time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        await mediator.Send(new EmbedUnseenRooms(), cancellation);
        return false;
    }
}
