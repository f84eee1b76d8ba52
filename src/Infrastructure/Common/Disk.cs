namespace AIChat.Infrastructure.Common;

internal static class Disk
{
    // ENOSPC and EDQUOT on Linux, ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL on Windows.
    public static bool IsFull(IOException failure) => failure.HResult is 28 or 122 or unchecked((int)0x80070027) or unchecked((int)0x80070070);
}
