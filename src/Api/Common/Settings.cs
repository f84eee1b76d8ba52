using AIChat.Infrastructure;
using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>All settings, in an options class for each feature. Everything is validated here, before anything is opened.</summary>
internal sealed record Settings(
    InfrastructureOptions Infrastructure, AccessOptions Access, NetworkOptions Network, RateOptions Rates, BackplaneOptions Backplane, ModelServerOptions ModelServer)
{
    /// <exception cref="SettingException">A value is wrong.</exception>
    public static Settings Read(SettingsReader read) => new(
        InfrastructureOptions.Read(read), AccessOptions.Read(read), NetworkOptions.Read(read), RateOptions.Read(read), BackplaneOptions.Read(read), ModelServerOptions.Read(read));
}
