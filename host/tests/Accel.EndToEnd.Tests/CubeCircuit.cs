using Accel.Proving.ConstraintSystems;
using Accel.Proving.Formats;

namespace Accel.EndToEnd.Tests;

/// <summary>Public y, private x and x², and y = x²·x: the smallest circuit that a ceremony can be held for.</summary>
internal sealed class CubeCircuit : IConstraintSystem
{
    private static readonly Fr[] One = [Fr.One];
    private static readonly Term[] Cube = [new(1, 0)];
    private static readonly Term[] X = [new(2, 0)];
    private static readonly Term[] Square = [new(3, 0)];

    public static byte[] R1cs
    {
        get
        {
            using MemoryStream stream = new();
            R1csFile.Write(stream, new CubeCircuit());
            return stream.ToArray();
        }
    }

    public int WireCount => 4;

    public int PublicCount => 1;

    public int ConstraintCount => 2;

    public IReadOnlyList<WireCommitment> Commitments => [];

    public ReadOnlySpan<Fr> Coefficients => One;

    public void VisitRows<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IRowVisitor, allows ref struct
    {
        visitor.VisitRow(0, X, X, Square);
        visitor.VisitRow(1, Square, X, Cube);
    }
}
