global using AIChat.Api.Common;
global using AIChat.Domain.Common;
global using MediatR;
