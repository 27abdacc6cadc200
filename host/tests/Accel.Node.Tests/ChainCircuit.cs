using Accel.Network.Jobs;
using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Node.Tests;

/// <summary>Public y, private x₀, x₁, …: each the square of the one before, and y the last one's. As long as a test likes.</summary>
internal sealed class ChainCircuit(int length) : IConstraintSystem
{
    private static readonly Fr[] One = [Fr.One];

    public int WireCount => length + 2;

    public int PublicCount => 1;

    public int ConstraintCount => length;

    public IReadOnlyList<WireCommitment> Commitments => [];

    public ReadOnlySpan<Fr> Coefficients => One;

    /// <summary>A folder of circuits with this one in it, under a key made here.</summary>
    public async Task RegisterAsync(string folder, string name, bool withConstraints, CancellationToken cancel)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(path);
        using ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(this, threads: 2, progress: null, cancel);
        using (FileStream stream = File.Create(Path.Combine(path, WitnessProver.KeyFile)))
        {
            ZkeyFile.Write(stream, key);
        }

        if (withConstraints)
        {
            using FileStream stream = File.Create(Path.Combine(path, WitnessProver.ConstraintFile));
            R1csFile.Write(stream, this);
        }
    }

    /// <summary>A .wtns file that begins with <paramref name="first"/>; wire <paramref name="lie"/>, if any, is one more than it should be.</summary>
    public byte[] Witness(int first, int? lie = null)
    {
        Fr[] wires = new Fr[WireCount];
        (wires[0], wires[2]) = (Fr.One, Fr.FromBigInteger(first));
        for (int i = 0; i < length; i++)
        {
            wires[i == length - 1 ? 1 : 3 + i] = wires[2 + i] * wires[2 + i];
        }

        if (lie is { } wire)
        {
            wires[wire] += Fr.One;
        }

        using MemoryStream stream = new();
        WitnessFile.Write(stream, wires);
        return stream.ToArray();
    }

    public void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        for (int i = 0; i < length; i++)
        {
            Term[] factor = [new((uint)(2 + i), 0)];
            Term[] square = [new(i == length - 1 ? 1u : (uint)(3 + i), 0)];
            visitor.VisitRow(i, factor, factor, square);
        }
    }
}
