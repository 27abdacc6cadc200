using System.Numerics;
using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Frontend;

/// <summary>
/// Collects a circuit while <see cref="ICircuit.Define"/> runs: wires, rank-1 constraints and the tape that solves them.
/// Creation order is a topological order, and each step also gets a level, so that the solver may run a level in parallel.
/// </summary>
public sealed partial class CircuitBuilder
{
    private readonly CompilationContext _context;
    private readonly BodyBuilder _body;
    private readonly GrowableBuffer<int>? _levels;
    private readonly Queue<Action<CircuitBuilder>> _deferred = new();
    private int _scope;
    private int _markedScope = -1;

    private CircuitBuilder(CompilationContext context, BodyBuilder body, GrowableBuffer<int>? levels, int scope)
    {
        _context = context;
        _body = body;
        _levels = levels;
        _scope = scope;
        _levels?.Add(0);
    }

    /// <summary>Constraints so far, instances of templates counted in full.</summary>
    public int ConstraintCount { get; private set; }

    /// <summary>Wires so far, the constant one included.</summary>
    public int WireCount => _body.WireCount;

    private bool IsTemplate => _levels is null;

    /// <summary>Names the constraints that follow, until the handle is disposed; scopes nest.</summary>
    public ScopeHandle Scope(string name)
    {
        int outer = _scope;
        _scope = _context.IndexOfScope(outer, name);
        return new ScopeHandle(this, outer);
    }

    /// <summary>a · b. Costs one constraint unless one of them is constant.</summary>
    public Linear Multiply(in Linear a, in Linear b)
    {
        if (a.IsConstant(out Fr ka))
        {
            return b * ka;
        }

        if (b.IsConstant(out Fr kb))
        {
            return a * kb;
        }

        Linear cappedA = Capped(a);
        Linear cappedB = Capped(b);
        uint wire = AddWire(1 + Math.Max(LevelOf(cappedA), LevelOf(cappedB)));
        Linear product = Linear.OfWire(wire);
        AddRow(StepKind.Define, cappedA, cappedB, product);
        return product;
    }

    /// <summary>a · b; the product's interval must stay within ±2²⁵⁰. One constraint.</summary>
    public Integer Multiply(in Integer a, in Integer b)
    {
        BigInteger w = a.Min * b.Min, x = a.Min * b.Max, y = a.Max * b.Min, z = a.Max * b.Max;
        BigInteger min = BigInteger.Min(BigInteger.Min(w, x), BigInteger.Min(y, z));
        BigInteger max = BigInteger.Max(BigInteger.Max(w, x), BigInteger.Max(y, z));
        return new Integer(Multiply(a.Value, b.Value), min, max);
    }

    /// <summary>a · b + c as one wire, by the constraint a · b = wire − c; without a constraint when a factor is constant.</summary>
    /// <remarks>Where a sum would feed several factors, a wire for it keeps the density of all rows in one row's C, which proving keys do not store.</remarks>
    public Linear MultiplyAdd(in Linear a, in Linear b, in Linear c)
    {
        if (a.IsConstant(out _) || b.IsConstant(out _))
        {
            return Multiply(a, b) + c;
        }

        Linear cappedA = Capped(a);
        Linear cappedB = Capped(b);
        Linear cappedC = Capped(c);
        int level = Math.Max(LevelOf(cappedC), Math.Max(LevelOf(cappedA), LevelOf(cappedB)));
        Linear sum = Linear.OfWire(AddWire(1 + level));
        AddRow(StepKind.Define, cappedA, cappedB, sum - cappedC);
        return sum;
    }

    /// <summary>a².</summary>
    public Linear Square(in Linear a) => Multiply(a, a);

    /// <summary>A single wire that equals <paramref name="value"/>. Costs one constraint unless it is a wire already.</summary>
    public Linear ToWire(in Linear value)
    {
        if (value.IsWire(out uint existing) && existing != 0)
        {
            return value;
        }

        return Copy(value);
    }

    /// <summary>Constrains a · b = c.</summary>
    /// <param name="a">First factor.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="c">Product.</param>
    /// <param name="rule">Names the constraint in errors.</param>
    /// <exception cref="InvalidOperationException">All three are constant and the rule is false.</exception>
    public void AssertProduct(in Linear a, in Linear b, in Linear c, string? rule = null)
    {
        if (a.IsConstant(out Fr ka))
        {
            AssertZero((b * ka) - c, rule);
        }
        else if (b.IsConstant(out Fr kb))
        {
            AssertZero((a * kb) - c, rule);
        }
        else
        {
            AddCheck(a, b, c, rule);
        }
    }

    /// <summary>Constrains a = b.</summary>
    /// <exception cref="InvalidOperationException">Both are constant and they differ.</exception>
    public void AssertEqual(in Linear a, in Linear b, string? rule = null) => AssertZero(a - b, rule);

    /// <summary>Constrains a = 0.</summary>
    /// <exception cref="InvalidOperationException">It is a constant other than zero.</exception>
    public void AssertZero(in Linear a, string? rule = null)
    {
        if (!a.IsConstant(out Fr constant))
        {
            AddCheck(a, Linear.One, Linear.Zero, rule);
        }
        else if (!constant.IsZero)
        {
            throw new InvalidOperationException($"'{rule ?? ScopePath(_context.Scopes, _scope)}' asserts that the constant {constant} is zero");
        }
    }

    /// <summary>Runs <paramref name="action"/> after the rest of the circuit is defined, for gadgets that collect work and finish it at once.</summary>
    public void Defer(Action<CircuitBuilder> action) => _deferred.Enqueue(action);

    internal static string ScopePath(IReadOnlyList<(int Parent, string Name)> scopes, int scope) => scope <= 0
        ? ""
        : scopes[scope].Parent <= 0 ? scopes[scope].Name : $"{ScopePath(scopes, scopes[scope].Parent)}/{scopes[scope].Name}";

    internal void LeaveScope(int outer) => _scope = outer;

    internal void RunDeferred()
    {
        while (_deferred.TryDequeue(out Action<CircuitBuilder>? action))
        {
            action(this);
        }
    }

    private Linear Copy(in Linear value)
    {
        Linear capped = Capped(value);
        Linear copy = Linear.OfWire(AddWire(1 + LevelOf(capped)));
        AddRow(StepKind.Define, capped, Linear.One, copy);
        return copy;
    }

    private void AddCheck(in Linear a, in Linear b, in Linear c, string? rule)
    {
        int outer = _scope;
        _scope = rule is null ? outer : _context.IndexOfScope(outer, rule);
        AddRow(StepKind.Check, Capped(a), Capped(b), Capped(c));
        _scope = outer;
    }

    private void AddRow(StepKind kind, in Linear a, in Linear b, in Linear c)
    {
        MarkScope();
        int row = _body.RowCount;
        AddTerms(a, _body.Terms, _body.RowEnds);
        AddTerms(b, _body.Terms, _body.RowEnds);
        AddTerms(c, _body.Terms, _body.RowEnds);
        int level = kind == StepKind.Define ? LevelOf(c) : 1 + Math.Max(LevelOf(a), Math.Max(LevelOf(b), LevelOf(c)));
        AddStep(Step.Of(kind, row), level, weight: 1);
        ConstraintCount++;
    }

    private void AddTerms(in Linear value, GrowableBuffer<Term> terms, GrowableBuffer<uint> ends)
    {
        RequireOwnWires(value);
        foreach (ref readonly WeightedWire term in value.Terms)
        {
            terms.Add(_context.ToTerm(term));
        }

        ends.Add((uint)terms.Count);
    }

    /// <summary>
    /// Bodies number their wires from zero, so a combination carried from one into another would name other wires. Only those beyond the
    /// body's last are seen for sure.
    /// </summary>
    private void RequireOwnWires(in Linear value)
    {
        ReadOnlySpan<WeightedWire> terms = value.Terms;
        if (!terms.IsEmpty && terms[^1].Wire >= (uint)WireCount)
        {
            throw new InvalidOperationException(
                $"'{ScopePath(_context.Scopes, _scope)}' uses wire {terms[^1].Wire}, but has {WireCount}: a template may use only its inputs and what it makes of them");
        }
    }

    /// <summary>Cuts a combination that is longer than the cap into auxiliary wires.</summary>
    private Linear Capped(in Linear value)
    {
        int max = _context.Options.CombinationLengthMax;
        Linear current = value;
        while (current.Terms.Length > max)
        {
            ReadOnlySpan<WeightedWire> terms = current.Terms;
            Linear[] parts = new Linear[(terms.Length + max - 1) / max];
            for (int i = 0; i < parts.Length; i++)
            {
                Linear chunk = Linear.OfSortedTerms(terms.Slice(i * max, Math.Min(max, terms.Length - (i * max))));
                parts[i] = ToWire(chunk);
            }

            current = Linear.Sum(parts);
        }

        return current;
    }

    private uint AddWire(int level)
    {
        _levels?.Add(level);
        return (uint)_body.WireCount++;
    }

    private int LevelOf(in Linear value)
    {
        if (_levels is null)
        {
            return 0;
        }

        int level = 0;
        foreach (ref readonly WeightedWire term in value.Terms)
        {
            level = Math.Max(level, _levels[(int)term.Wire]);
        }

        return level;
    }

    private void AddStep(Step step, int level, int weight)
    {
        _body.Steps.Add(step);
        if (!IsTemplate)
        {
            _stepLevels.Add(level);
            _stepWeights.Add(weight);
        }
    }

    private void MarkScope()
    {
        if (_markedScope != _scope)
        {
            _body.ScopeMarks.Add(new ScopeMark(_body.RowCount, _scope));
            _markedScope = _scope;
        }
    }
}

/// <summary>Ends a scope of <see cref="CircuitBuilder.Scope"/> when disposed.</summary>
public readonly struct ScopeHandle : IDisposable
{
    private readonly CircuitBuilder _builder;
    private readonly int _outer;

    internal ScopeHandle(CircuitBuilder builder, int outer)
    {
        _builder = builder;
        _outer = outer;
    }

    /// <inheritdoc />
    public void Dispose() => _builder.LeaveScope(_outer);
}
