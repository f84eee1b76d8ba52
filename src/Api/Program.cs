using AIChat.Api;
using AIChat.Api.Commands;

return args switch
{
    ["classify", .. var rest] => await ClassifyCommand.RunAsync(rest),
    ["migrate", .. var rest] => await MigrateCommand.RunAsync(rest),
    _ => await Server.RunAsync(args),
};
