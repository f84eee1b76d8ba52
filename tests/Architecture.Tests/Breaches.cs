namespace AIChat.Architecture.Tests.Breaches.First
{
    internal static class Caller
    {
        public static int Call() => Second.Callee.Answer();

        public static int Answer() => 1;
    }
}

namespace AIChat.Architecture.Tests.Breaches.Second
{
    internal static class Callee
    {
        public static int Answer() => First.Caller.Answer();
    }
}

namespace AIChat.Architecture.Tests.Breaches.Third
{
    internal static class Innocent
    {
        public static int Call() => First.Caller.Call();
    }
}

namespace AIChat.Architecture.Tests.Breaches
{
    internal sealed class Policy
    {
        public Task<bool> AllowsAsync() => Task.FromResult(true);
    }

    internal sealed class Helper(Policy policy)
    {
        public async Task<bool> AskAsync()
        {
            await Task.Yield();
            return await policy.AllowsAsync();
        }
    }

    internal sealed class AsksInAHelper(Helper helper)
    {
        public async Task<bool> Handle()
        {
            await Task.Yield();
            return await helper.AskAsync();
        }
    }

    internal sealed class NeverAsks(Policy policy)
    {
        public async Task<bool> Handle()
        {
            await Task.Yield();
            return policy is not null;
        }
    }
}
