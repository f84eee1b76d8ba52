global using AIChat.Domain.Common;
global using Ardalis.Specification;
