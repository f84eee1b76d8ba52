global using AIChat.Domain.Common;
global using AIChat.Domain.Messages;
global using AIChat.Domain.Rooms;
global using AIChat.Domain.Users;
global using MediatR;
