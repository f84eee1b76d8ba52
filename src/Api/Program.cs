using AIChat.Api;
using AIChat.Api.Commands;

return args is ["classify", .. var rest]
    ? await ClassifyCommand.RunAsync(rest)
    : await Server.RunAsync(args);
