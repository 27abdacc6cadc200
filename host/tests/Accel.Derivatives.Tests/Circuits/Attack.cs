using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Solver;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>A lie of an operator: inputs of an honest proof, some of them changed.</summary>
internal static class Attack
{
    /// <summary>The reference refuses what is asked, and says why.</summary>
    public static void AssertRefusedByReference(string message, Action act) =>
        Assert.Contains(message, Assert.Throws<SettlementException>(act).Message, StringComparison.Ordinal);

    /// <summary>The changed inputs must break a constraint whose name contains the rule.</summary>
    public static void AssertRefused(CompiledCircuit circuit, Assignment honest, string rule, Action<MutableAssignment> lie)
    {
        MutableAssignment assignment = MutableAssignment.Of(circuit, honest);
        lie(assignment);
        List<string> broken = BrokenRules.Of(circuit, WitnessSolver.TrySolve(circuit, assignment.ToAssignment(circuit)).Wires);
        Assert.NotEmpty(broken);
        Assert.True(broken.Exists(name => name.Contains(rule, StringComparison.Ordinal)), $"'{rule}' holds; broken are {string.Join(", ", broken)}");
    }
}
