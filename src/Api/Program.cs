using AIChat.Api;
using AIChat.Api.Commands;

return args switch
{
    ["classify", .. var rest] => await ClassifyCommand.RunAsync(rest),
    ["models", .. var rest] => await ModelsCommand.RunAsync(rest),
    ["embed", .. var rest] => await EmbedCommand.RunAsync(rest),
    ["migrate", .. var rest] => await MigrateCommand.RunAsync(rest),
    _ => await Roles.RunAsync(args),
};
