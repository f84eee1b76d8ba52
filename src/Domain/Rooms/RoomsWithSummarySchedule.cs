namespace AIChat.Domain.Rooms;

/// <summary>Rooms with a summary schedule.</summary>
public sealed class RoomsWithSummarySchedule : Specification<Room>
{
    public RoomsWithSummarySchedule()
    {
        Query.Where(room => room.DigestedUpTo != null);
        Query.OrderBy(room => room.Id);
    }
}
