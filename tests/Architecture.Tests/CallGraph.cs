using Mono.Cecil;

namespace AIChat.Architecture.Tests;

/// <summary>Which methods of an assembly call which others of it, read from IL; the bodies of async methods, iterators and lambdas count as their method's.</summary>
internal sealed class CallGraph
{
    private readonly Dictionary<string, List<string>> _calls = new(StringComparer.Ordinal);

    public CallGraph(string assemblyFile)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyFile);
        foreach (var type in assembly.MainModule.GetTypes())
        {
            foreach (var method in type.Methods.Where(method => method.HasBody))
            {
                var callees = new List<string>();
                foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
                {
                    if (operand is MethodReference called)
                        callees.Add(called.GetElementMethod().FullName);

                    // A state machine or a closure is made here and runs as a part of this method.
                    var made = operand switch
                    {
                        MethodReference constructor => constructor.DeclaringType.Resolve(),
                        FieldReference field => field.DeclaringType.Resolve(),
                        _ => null,
                    };
                    if (made is { IsNested: true } && made.Name.StartsWith('<') && made.Module == assembly.MainModule)
                        callees.AddRange(made.Methods.Select(each => each.FullName));
                }

                callees.AddRange(method.Body.Variables.Select(local => local.VariableType.Resolve())
                    .Where(local => local is { IsNested: true } && local.Name.StartsWith('<') && local.Module == assembly.MainModule)
                    .SelectMany(local => local!.Methods.Select(each => each.FullName)));
                _calls[method.FullName] = callees;
            }
        }
    }

    /// <summary>Whether a method of a type, or one that it calls within the assembly, calls a method of the target.</summary>
    public bool Reaches(Type type, string method, Type target)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal), new Stack<string>(_calls.Keys.Where(name => name.Contains($" {type.FullName}::{method}(", StringComparison.Ordinal))));
        Assert.NotEmpty(open);
        while (open.TryPop(out var caller))
        {
            if (!seen.Add(caller))
                continue;
            foreach (var callee in _calls.GetValueOrDefault(caller) ?? [])
            {
                if (callee.Contains($" {target.FullName}::", StringComparison.Ordinal) && !callee.Contains("::.ctor(", StringComparison.Ordinal))
                    return true;
                open.Push(callee);
            }
        }

        return false;
    }
}
