global using AIChat.Domain.Common;
