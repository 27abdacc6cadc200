using Accel.Proving.ConstraintSystems;

namespace Accel.Proving.Groth16;

/// <summary>
/// Which wires each Pedersen commitment holds. The transcript binds public inputs, earlier challenges and earlier commitments to every challenge as
/// it is, so a commitment holds just the private wires that it is the first to name, in the order in which it names them.
/// </summary>
internal sealed class CommitmentLayout
{
    private readonly HashSet<uint> _moved = [];

    public CommitmentLayout(IConstraintSystem system)
    {
        Challenges = [.. system.Commitments.Select(commitment => commitment.Challenge)];
        _moved.UnionWith(Challenges);
        Positions = [.. system.Commitments.Select(commitment => FirstNamed(commitment, system.PublicCount))];
        Wires = [.. system.Commitments.Select((commitment, i) => Array.ConvertAll(Positions[i], at => commitment.Wires.Span[at]))];
    }

    /// <summary>The wire of each challenge.</summary>
    public uint[] Challenges { get; }

    /// <summary>For each commitment, the wires that it holds.</summary>
    public uint[][] Wires { get; }

    /// <summary>For each commitment, where its wires stand in the list that the circuit gives.</summary>
    public int[][] Positions { get; }

    /// <summary>Whether a wire is committed or a challenge: the verifier then accounts for it, and the key's C must not.</summary>
    public bool IsMoved(int wire) => _moved.Contains((uint)wire);

    private int[] FirstNamed(WireCommitment commitment, int publicCount)
    {
        List<int> positions = [];
        for (int i = 0; i < commitment.Wires.Length; i++)
        {
            uint wire = commitment.Wires.Span[i];
            if (wire > publicCount && _moved.Add(wire))
            {
                positions.Add(i);
            }
        }

        return [.. positions];
    }
}
