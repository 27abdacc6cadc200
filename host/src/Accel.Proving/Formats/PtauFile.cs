namespace Accel.Proving.Formats;

/// <summary>
/// A powers-of-tau transcript in snarkjs' .ptau format, version 1: 1 header, 2 τⁱ·G1 (2·2^p − 1 of them), 3 τⁱ·G2, 4 ατⁱ·G1,
/// 5 βτⁱ·G1 (2^p each), 6 β·G2, 7 contributions; prepared for phase 2 also 12 to 15, the same in the Lagrange bases of all domains.
/// The file is mapped; points are checked when they are read out.
/// </summary>
/// <remarks>Points are checked to be on their curves. That they are powers of one τ <see cref="Ceremony.PowersOfTau"/> checks.</remarks>
public sealed class PtauFile : IDisposable
{
    /// <summary>The largest power that the format's consumers support.</summary>
    public const int PowerMax = 28;

    private readonly SectionedFile _file;

    private PtauFile(SectionedFile file)
    {
        _file = file;
        SectionReader header = file.Read(1);
        header.ReadPrime<Bn254BaseModulus>();
        Power = ReadPower(header);
        CeremonyPower = ReadPower(header);
        header.End();
        RequireSize(2, TauG1Count, 64);
        RequireSize(3, 1 << Power, 128);
        RequireSize(4, 1 << Power, 64);
        RequireSize(5, 1 << Power, 64);
        RequireSize(6, 1, 128);
        if (file.Sections.Any(section => section.Id > 7))
        {
            RequireSize(12, LagrangeCount(Power + 1), 64);
            RequireSize(13, LagrangeCount(Power), 128);
            RequireSize(14, LagrangeCount(Power), 64);
            RequireSize(15, LagrangeCount(Power), 64);
            IsPrepared = true;
        }

        Contributions = PtauContribution.ReadAll(file.Read(7));
    }

    /// <summary>The file serves domains of up to 2 to this power.</summary>
    public int Power { get; }

    /// <summary>The power of the ceremony that the file was cut from.</summary>
    public int CeremonyPower { get; }

    /// <summary>Whether it holds the Lagrange bases that a set-up needs (<c>snarkjs powersoftau prepare phase2</c>).</summary>
    public bool IsPrepared { get; }

    /// <summary>The contributions to the ceremony, oldest first.</summary>
    public IReadOnlyList<PtauContribution> Contributions { get; }

    /// <summary>The number of powers of τ in G1, 2·2^<see cref="Power"/> − 1.</summary>
    public long TauG1Count => (2L << Power) - 1;

    /// <summary>The file's name, without its folder.</summary>
    public string Name => _file.Name;

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidFileException">The file is not a well-formed .ptau over BN254.</exception>
    public static PtauFile Open(string path) => Owning(SectionedFile.Open(path, SectionedFormat.Ptau));

    /// <summary>Reads a file that is already in memory, and stays pinned there until the transcript is disposed.</summary>
    /// <param name="name">The name that messages begin with.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidFileException">As for <see cref="Open"/>.</exception>
    public static PtauFile Read(string name, ReadOnlyMemory<byte> content) => Owning(SectionedFile.FromMemory(name, content, SectionedFormat.Ptau));

    /// <summary>τⁱ·G1 for i in [first, first + count).</summary>
    /// <exception cref="InvalidFileException">A point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> TauG1(int first, int count) => Points<Fq, Bn254G1>(2, first, count, "τ·G1");

    /// <summary>τⁱ·G2 for i in [first, first + count); on their curve, perhaps not in the subgroup.</summary>
    /// <exception cref="InvalidFileException">A point is not on the curve.</exception>
    public ReadOnlyMemory<G2Affine> TauG2(int first, int count) => Points<Fq2, Bn254G2>(3, first, count, "τ·G2");

    /// <summary>ατⁱ·G1 for i in [first, first + count).</summary>
    /// <exception cref="InvalidFileException">A point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> AlphaTauG1(int first, int count) => Points<Fq, Bn254G1>(4, first, count, "ατ·G1");

    /// <summary>βτⁱ·G1 for i in [first, first + count).</summary>
    /// <exception cref="InvalidFileException">A point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> BetaTauG1(int first, int count) => Points<Fq, Bn254G1>(5, first, count, "βτ·G1");

    /// <summary>β·G2.</summary>
    /// <exception cref="InvalidFileException">The point is not in the subgroup.</exception>
    public G2Affine BetaG2() => _file.Read(6).ReadPoint<Fq2, Bn254G2>("β·G2");

    /// <summary>α·G1.</summary>
    /// <exception cref="InvalidFileException">The point is not on the curve.</exception>
    public G1Affine AlphaG1() => _file.Read(4).ReadPoint<Fq, Bn254G1>("α·G1");

    /// <summary>β·G1.</summary>
    /// <exception cref="InvalidFileException">The point is not on the curve.</exception>
    public G1Affine BetaG1() => _file.Read(5).ReadPoint<Fq, Bn254G1>("β·G1");

    /// <summary>Lᵢ(τ)·G1 over the domain of 2^<paramref name="log2"/> points, up to <see cref="Power"/> + 1.</summary>
    /// <exception cref="InvalidFileException">The file is not prepared, or a point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> LagrangeG1(int log2) => Lagrange<Fq, Bn254G1>(12, log2, Power + 1, "L(τ)·G1");

    /// <summary>Lᵢ(τ)·G2 over the domain of 2^<paramref name="log2"/> points, up to <see cref="Power"/>.</summary>
    /// <exception cref="InvalidFileException">The file is not prepared, or a point is not on the curve.</exception>
    public ReadOnlyMemory<G2Affine> LagrangeG2(int log2) => Lagrange<Fq2, Bn254G2>(13, log2, Power, "L(τ)·G2");

    /// <summary>αLᵢ(τ)·G1 over the domain of 2^<paramref name="log2"/> points, up to <see cref="Power"/>.</summary>
    /// <exception cref="InvalidFileException">The file is not prepared, or a point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> LagrangeAlphaG1(int log2) => Lagrange<Fq, Bn254G1>(14, log2, Power, "αL(τ)·G1");

    /// <summary>βLᵢ(τ)·G1 over the domain of 2^<paramref name="log2"/> points, up to <see cref="Power"/>.</summary>
    /// <exception cref="InvalidFileException">The file is not prepared, or a point is not on the curve.</exception>
    public ReadOnlyMemory<G1Affine> LagrangeBetaG1(int log2) => Lagrange<Fq, Bn254G1>(15, log2, Power, "βL(τ)·G1");

    /// <summary>Checks every point of the file; the transcript of a ceremony takes minutes.</summary>
    /// <exception cref="InvalidFileException">A point is not on its curve.</exception>
    public void CheckAllPoints()
    {
        foreach (FileSection section in _file.Sections.Where(section => section.Id is >= 2 and not 7))
        {
            SectionReader reader = _file.Read(section.Id);
            if (section.Id is 3 or 6 or 13)
            {
                reader.ReadPoints<Fq2, Bn254G2>((int)(section.Length / 128), "points", trusted: false);
            }
            else
            {
                reader.ReadPoints<Fq, Bn254G1>((int)(section.Length / 64), "points", trusted: false);
            }
        }
    }

    /// <summary>Writes the transcript as it was read.</summary>
    /// <param name="stream">Receives the file.</param>
    public void Write(Stream stream)
    {
        SectionWriter writer = new(stream, SectionedFormat.Ptau, _file.Sections.Count);
        foreach (FileSection section in _file.Sections)
        {
            writer.Begin(section.Id, section.Length);
            WriteContent(writer, section);
        }

        writer.Complete();
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static PtauFile Owning(SectionedFile file)
    {
        try
        {
            return new PtauFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Points of all domains from 2⁰ to 2^<paramref name="log2"/>, one after the other.</summary>
    private static long LagrangeCount(int log2) => (2L << log2) - 1;

    private static int ReadPower(SectionReader header)
    {
        long at = header.Offset;
        uint power = header.ReadUInt32("power");
        return power is >= 1 and <= PowerMax ? (int)power : throw header.Problem($"power {power:N0} is not between 1 and {PowerMax}", at);
    }

    private void WriteContent(SectionWriter writer, FileSection section)
    {
        switch (section.Id)
        {
            case 1:
                writer.WritePrime<Bn254BaseModulus>();
                writer.WriteUInt32((uint)Power);
                writer.WriteUInt32((uint)CeremonyPower);
                break;
            case 7:
                PtauContribution.WriteAll(writer, Contributions);
                break;
            default:
                SectionReader content = _file.Read(section.Id);
                while (content.Remaining > 0)
                {
                    writer.WriteBytes(content.ReadBytes((int)Math.Min(content.Remaining, 1 << 24), "points"));
                }

                break;
        }
    }

    private ReadOnlyMemory<AffinePoint<TField, TCurve>> Lagrange<TField, TCurve>(int id, int log2, int log2_max, string what)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        ArgumentOutOfRangeException.ThrowIfNegative(log2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log2, log2_max);
        return IsPrepared
            ? Points<TField, TCurve>(id, (1L << log2) - 1, 1 << log2, what)
            : throw new InvalidFileException(_file.Name, "the transcript is not prepared for phase 2; `snarkjs powersoftau prepare phase2` does that");
    }

    private ReadOnlyMemory<AffinePoint<TField, TCurve>> Points<TField, TCurve>(int id, long first, int count, string what)
        where TField : unmanaged, IField<TField>
        where TCurve : unmanaged, ICurve<TField>
    {
        SectionReader section = _file.Read(id);
        section.Skip(first * 2 * TField.ByteLength, what);
        return section.ReadPoints<TField, TCurve>(count, what, trusted: false);
    }

    private void RequireSize(int id, long count, int itemBytes) => _file.Read(id).RequireRemaining(count, itemBytes, $"points of a transcript of power {Power}");
}
