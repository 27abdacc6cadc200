using System.Numerics;
using Accel.Proving.Groth16;

namespace Accel.Proving.Formats;

/// <summary>
/// Reads and writes snarkjs' .zkey format, version 1, for Groth16: 1 protocol, 2 header, 3 inputs, 4 coefficients, 5 A, 6 B1, 7 B2,
/// 8 C, 9 H, 10 contributions; and for circuits with commitments 11 (<see cref="ZkeyCommitments"/>), which snarkjs drops when it copies a key. Points are affine in Montgomery form, which is their image in memory: they are viewed, not copied.
/// </summary>
public static class ZkeyFile
{
    private const uint Groth16Protocol = 1;
    private const int HeaderBytes = 660;

    // snarkjs writes a fresh key in the order in which it computes it; every later copy is in ascending order.
    private static readonly int[] FreshOrder = [1, 2, 4, 3, 9, 8, 5, 6, 7, 10];
    private static readonly int[] CopyOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    /// <summary>Maps a key; keep it open while it proves, and dispose it then.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trusted">
    /// True leaves out the range and curve checks of sections 3 and 5 to 9. Only for a file that was checked before and cannot have
    /// changed: points off the curve can make a proof reveal its witness. The header's points are always checked, subgroups included.
    /// </param>
    /// <exception cref="InvalidFileException">The file is not a well-formed Groth16 key over BN254.</exception>
    public static ProvingKey Read(string path, bool trusted = false) => Owning(SectionedFile.Open(path, SectionedFormat.Zkey), trusted);

    /// <summary>Reads a key that is already in memory, and stays pinned there until the key is disposed.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="content">The whole file.</param>
    /// <param name="trusted">As for <see cref="Read(string, bool)"/>.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Read(string, bool)"/>.</exception>
    public static ProvingKey Read(string name, ReadOnlyMemory<byte> content, bool trusted = false) =>
        Owning(SectionedFile.FromMemory(name, content, SectionedFormat.Zkey), trusted);

    /// <summary>Writes a key; one that snarkjs wrote comes out as it went in.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="key">The key.</param>
    public static void Write(Stream stream, ProvingKey key)
    {
        int[] order = key.History.Contributions.Count == 0 ? FreshOrder : CopyOrder;
        if (key.Commitments is not null)
        {
            order = [.. order, ZkeyCommitments.Section];
        }

        SectionWriter writer = new(stream, SectionedFormat.Zkey, order.Length);
        foreach (int section in order)
        {
            WriteSection(writer, section, key);
        }

        writer.Complete();
    }

    private static ProvingKey Owning(SectionedFile file, bool trusted)
    {
        try
        {
            return Read(file, trusted);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ProvingKey Read(SectionedFile file, bool trusted)
    {
        ReadProtocol(file.Read(1));
        ProvingKeyHeader header = ReadHeader(file);

        // The coefficients take one thread about as long as the points take all.
        Task<ProvingKeyConstraints> constraints = Task.Run(() => ZkeyCoefficients.Read(file, header));
        try
        {
            ProvingKeyPoints points = ReadPoints(file, header, trusted);
            ProvingKeyCommitments? commitments = ZkeyCommitments.Read(file, header, points.C, trusted);
            return new ProvingKey(header, points, constraints.GetAwaiter().GetResult(), ReadHistory(file.Read(10)), commitments, file);
        }
        finally
        {
            // Nobody may close the file under the other thread.
            Task.WaitAny(constraints);
        }
    }

    private static ProvingKeyPoints ReadPoints(SectionedFile file, ProvingKeyHeader header, bool trusted) =>
        new(
            ReadPoints<Fq, Bn254G1>(file, 3, header.PublicCount + 1, "inputs", trusted),
            ReadPoints<Fq, Bn254G1>(file, 5, header.WireCount, "A", trusted),
            ReadPoints<Fq, Bn254G1>(file, 6, header.WireCount, "B1", trusted),
            ReadPoints<Fq2, Bn254G2>(file, 7, header.WireCount, "B2", trusted),
            ReadPoints<Fq, Bn254G1>(file, 8, header.PrivateCount, "C", trusted),
            ReadPoints<Fq, Bn254G1>(file, 9, header.DomainSize, "H", trusted));

    internal static void ReadProtocol(SectionReader section)
    {
        long at = section.Offset;
        uint protocol = section.ReadUInt32("protocol");
        if (protocol != Groth16Protocol)
        {
            throw section.Problem($"protocol {protocol} is not Groth16, which is {Groth16Protocol}", at);
        }

        section.End();
    }

    internal static ProvingKeyHeader ReadHeader(SectionedFile file)
    {
        SectionReader section = file.Read(2);
        section.ReadPrime<Bn254BaseModulus>();
        section.ReadPrime<Bn254ScalarModulus>();
        int wires = section.ReadCount("wires", 64, file.Read(5));
        long at = section.Offset;
        int publics = section.ReadCount("public wires", 64, file.Read(3));
        if (publics >= wires)
        {
            throw section.Problem($"{publics:N0} public wires and the constant one do not fit {wires:N0} wires", at);
        }

        at = section.Offset;
        int domain = section.ReadCount("points of the domain", 64, file.Read(9));
        if (!BitOperations.IsPow2(domain) || domain > 1 << ProvingKeyHeader.DomainLog2Max || domain <= publics)
        {
            throw section.Problem($"the domain has {domain:N0} points; it must be a power of two from {publics + 1:N0} to 2^{ProvingKeyHeader.DomainLog2Max}", at);
        }

        ProvingKeyHeader header = new(
            wires,
            publics,
            BitOperations.Log2((uint)domain),
            section.ReadPoint<Fq, Bn254G1>("α"),
            section.ReadPoint<Fq, Bn254G1>("β"),
            section.ReadPoint<Fq2, Bn254G2>("β"),
            section.ReadPoint<Fq2, Bn254G2>("γ"),
            section.ReadPoint<Fq, Bn254G1>("δ"),
            section.ReadPoint<Fq2, Bn254G2>("δ"));
        section.End();
        return header;
    }

    internal static ReadOnlyMemory<AffinePoint<TField, TCurve>> ReadPoints<TField, TCurve>(SectionedFile file, int id, int count, string what, bool trusted)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        SectionReader section = file.Read(id);
        section.RequireRemaining(count, PointBytes<TField>(), $"the points {what}");
        return section.ReadPoints<TField, TCurve>(count, what, trusted);
    }

    internal static KeyHistory ReadHistory(SectionReader section)
    {
        byte[] hash = section.ReadBytes(ZkeyContribution.HashBytes, "circuit hash").ToArray();
        ZkeyContribution[] contributions = new ZkeyContribution[section.ReadCount("contributions", ZkeyContribution.BytesMin, section)];
        for (int i = 0; i < contributions.Length; i++)
        {
            contributions[i] = ZkeyContribution.Read(section);
        }

        section.End();
        return new KeyHistory(hash, contributions);
    }

    private static void WriteSection(SectionWriter writer, int id, ProvingKey key)
    {
        switch (id)
        {
            case 1:
                WriteProtocol(writer);
                break;
            case 2:
                WriteHeader(writer, key.Header);
                break;
            case 3:
                WritePoints(writer, id, key.Points.Inputs.Span);
                break;
            case 4:
                ZkeyCoefficients.Write(writer, key.Constraints);
                break;
            case 5:
                WritePoints(writer, id, key.Points.A.Span);
                break;
            case 6:
                WritePoints(writer, id, key.Points.B1.Span);
                break;
            case 7:
                WritePoints(writer, id, key.Points.B2.Span);
                break;
            case 8:
                WritePoints(writer, id, key.Points.C.Span);
                break;
            case 9:
                WritePoints(writer, id, key.Points.H.Span);
                break;
            case 10:
                WriteHistory(writer, key.History);
                break;
            default:
                ZkeyCommitments.Write(writer, key.Commitments!);
                break;
        }
    }

    internal static void WriteProtocol(SectionWriter writer)
    {
        writer.Begin(1, sizeof(uint));
        writer.WriteUInt32(Groth16Protocol);
    }

    internal static void WriteHeader(SectionWriter writer, ProvingKeyHeader header)
    {
        writer.Begin(2, HeaderBytes);
        writer.WritePrime<Bn254BaseModulus>();
        writer.WritePrime<Bn254ScalarModulus>();
        writer.WriteUInt32((uint)header.WireCount);
        writer.WriteUInt32((uint)header.PublicCount);
        writer.WriteUInt32((uint)header.DomainSize);
        writer.WritePoint(header.Alpha1);
        writer.WritePoint(header.Beta1);
        writer.WritePoint(header.Beta2);
        writer.WritePoint(header.Gamma2);
        writer.WritePoint(header.Delta1);
        writer.WritePoint(header.Delta2);
    }

    private static void WritePoints<TField, TCurve>(SectionWriter writer, int id, ReadOnlySpan<AffinePoint<TField, TCurve>> points)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        writer.Begin(id, (long)points.Length * PointBytes<TField>());
        writer.WritePoints(points);
    }

    internal static void WriteHistory(SectionWriter writer, KeyHistory history)
    {
        writer.Begin(10, ZkeyContribution.HashBytes + sizeof(uint) + history.Contributions.Sum(contribution => (long)contribution.ByteLength));
        writer.WriteBytes(history.CircuitHash.Span);
        writer.WriteUInt32((uint)history.Contributions.Count);
        foreach (ZkeyContribution contribution in history.Contributions)
        {
            contribution.Write(writer);
        }
    }

    private static int PointBytes<TField>()
        where TField : unmanaged, IField<TField> => 2 * TField.ByteLength;
}
