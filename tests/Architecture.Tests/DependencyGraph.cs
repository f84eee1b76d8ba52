using Mono.Cecil;

namespace AIChat.Architecture.Tests;

/// <summary>Which types of an assembly use which others of it, read from IL. Nested and compiler-generated types count as the type that holds them.</summary>
internal static class DependencyGraph
{
    /// <summary>The full names of the types that each top-level type uses, itself excepted.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> OfTypes(string assemblyFile)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyFile);
        var uses = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var type in assembly.MainModule.Types.Where(type => type.Namespace.Length > 0))
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            Collect(type, reference => AddOwn(reference, assembly.MainModule, found));
            found.Remove(NameOf(type));
            uses[NameOf(type)] = found;
        }

        return uses;
    }

    /// <summary>Edges between groups of types, for example folders or files, without edges from a group to itself. Types without a group are left out.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Between(IReadOnlyDictionary<string, IReadOnlySet<string>> types, Func<string, string?> groupOf)
    {
        var edges = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var group in types.GroupBy(entry => groupOf(entry.Key), StringComparer.Ordinal).Where(group => group.Key is not null))
        {
            edges[group.Key!] = group.SelectMany(entry => entry.Value).Select(groupOf).OfType<string>().Where(other => other != group.Key).ToHashSet(StringComparer.Ordinal);
        }

        return edges;
    }

    /// <summary>The sets of at least two nodes that all reach each other (strongly connected components, Tarjan 1972), each sorted by name.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Circles(IReadOnlyDictionary<string, IReadOnlySet<string>> edges)
    {
        var (index, low, onStack, stack, circles) = (new Dictionary<string, int>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new Stack<string>(), new List<IReadOnlyList<string>>());
        foreach (var node in edges.Keys.Order(StringComparer.Ordinal))
        {
            if (!index.ContainsKey(node))
                Visit(node);
        }

        return circles;

        void Visit(string node)
        {
            index[node] = low[node] = index.Count;
            stack.Push(node);
            onStack.Add(node);
            foreach (var next in edges.GetValueOrDefault(node) ?? new HashSet<string>())
            {
                if (!index.TryGetValue(next, out var seen))
                {
                    Visit(next);
                    low[node] = Math.Min(low[node], low[next]);
                }
                else if (onStack.Contains(next))
                {
                    low[node] = Math.Min(low[node], seen);
                }
            }

            if (low[node] != index[node])
                return;
            var component = new List<string>();
            string member;
            do
            {
                component.Add(member = stack.Pop());
                onStack.Remove(member);
            }
            while (member != node);

            if (component.Count > 1)
                circles.Add([.. component.Order(StringComparer.Ordinal)]);
        }
    }

    /// <summary>The name of a type, or of the type that holds it, without the number of its type parameters.</summary>
    public static string NameOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
            type = type.DeclaringType;
        return type.FullName.Split('`')[0];
    }

    private static void AddOwn(TypeReference? reference, ModuleDefinition module, HashSet<string> found)
    {
        switch (reference)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments)
                    AddOwn(argument, module, found);
                AddOwn(generic.ElementType, module, found);
                return;
            case TypeSpecification wrapped:
                AddOwn(wrapped.ElementType, module, found);
                return;
            default:
                if (reference.Scope == module && reference.FullName.Contains('.', StringComparison.Ordinal))
                    found.Add(NameOf(reference));
                return;
        }
    }

    private static void Collect(TypeDefinition type, Action<TypeReference?> add)
    {
        add(type.BaseType);
        foreach (var contract in type.Interfaces)
            add(contract.InterfaceType);
        foreach (var parameter in type.GenericParameters)
            CollectConstraints(parameter, add);
        CollectAttributes(type, add);
        foreach (var field in type.Fields)
        {
            add(field.FieldType);
            CollectAttributes(field, add);
        }

        foreach (var property in type.Properties)
            CollectAttributes(property, add);
        foreach (var method in type.Methods)
            Collect(method, add);
        foreach (var nested in type.NestedTypes)
            Collect(nested, add);
    }

    private static void Collect(MethodDefinition method, Action<TypeReference?> add)
    {
        add(method.ReturnType);
        foreach (var parameter in method.Parameters)
            add(parameter.ParameterType);
        foreach (var parameter in method.GenericParameters)
            CollectConstraints(parameter, add);
        CollectAttributes(method, add);
        if (!method.HasBody)
            return;
        foreach (var local in method.Body.Variables)
            add(local.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers)
            add(handler.CatchType);
        foreach (var operand in method.Body.Instructions.Select(instruction => instruction.Operand))
            CollectOperand(operand, add);
    }

    private static void CollectOperand(object? operand, Action<TypeReference?> add)
    {
        switch (operand)
        {
            case TypeReference used:
                add(used);
                break;
            case FieldReference field:
                add(field.DeclaringType);
                add(field.FieldType);
                break;
            case MethodReference called:
                add(called.DeclaringType);
                add(called.ReturnType);
                foreach (var parameter in called.Parameters)
                    add(parameter.ParameterType);
                if (called is GenericInstanceMethod generic)
                {
                    foreach (var argument in generic.GenericArguments)
                        add(argument);
                }

                break;
            case CallSite site:
                add(site.ReturnType);
                break;
        }
    }

    private static void CollectConstraints(GenericParameter parameter, Action<TypeReference?> add)
    {
        foreach (var constraint in parameter.Constraints)
            add(constraint.ConstraintType);
    }

    private static void CollectAttributes(ICustomAttributeProvider provider, Action<TypeReference?> add)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            add(attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>())
                add(argument);
        }
    }
}
