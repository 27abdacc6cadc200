using Accel.Compute;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>
/// Copies a key from file to stream while one secret factor enters δ: sections 8 and 9 are divided by it, the others are copied. A few mebibytes at a
/// time.
/// </summary>
internal sealed class ZkeyContributor : IDisposable
{
    private const int PointsEach = 1 << 16;
    private const int BytesEach = 1 << 20;

    private static readonly int[] CopiedSections = [3, 4, 5, 6, 7];

    private readonly SectionedFile _file;

    /// <summary>Opens a key.</summary>
    /// <param name="path">The file; it must not be shortened before this is disposed.</param>
    /// <exception cref="InvalidFileException">It is not a Groth16 key over BN254, or has commitments.</exception>
    public ZkeyContributor(string path)
    {
        _file = SectionedFile.Open(path, SectionedFormat.Zkey);
        try
        {
            if (_file.Has(ZkeyCommitments.Section))
            {
                throw new InvalidFileException(Name, KeyCeremony.NoCommitments, ZkeyCommitments.Section);
            }

            ZkeyFile.ReadProtocol(_file.Read(1));
            Header = ZkeyFile.ReadHeader(_file);
            History = ZkeyFile.ReadHistory(_file.Read(10));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>The header as it is in the file.</summary>
    public ProvingKeyHeader Header { get; }

    /// <summary>The contributions in the file.</summary>
    public KeyHistory History { get; }

    /// <summary>The file's name, without its folder.</summary>
    public string Name => _file.Name;

    /// <summary>Writes the key with one contribution more.</summary>
    public async Task<ContributionReceipt> WriteAsync(
        Stream output, ContributionSecret secret, ContributionParameters parameters, int threads, IProgress<CeremonyProgress>? progress, CancellationToken cancel)
    {
        // Read and checked before a secret touches them: a point off the curve has multiples that say much about the factor.
        ReadOnlyMemory<G1Affine> c = ZkeyFile.ReadPoints<Fq, Bn254G1>(_file, 8, Header.PrivateCount, "C", trusted: false);
        ReadOnlyMemory<G1Affine> h = ZkeyFile.ReadPoints<Fq, Bn254G1>(_file, 9, Header.DomainSize, "H", trusted: false);
        ProvingKeyHeader header = Header with
        {
            Delta1 = await MultiplyAsync(Header.Delta1, secret),
            Delta2 = await MultiplyAsync(Header.Delta2, secret),
        };
        ZkeyContribution contribution = await ContributeAsync(header.Delta1, secret, parameters);

        SectionWriter writer = new(output, SectionedFormat.Zkey, sectionCount: 10);
        ZkeyFile.WriteProtocol(writer);
        ZkeyFile.WriteHeader(writer, header);
        foreach (int section in CopiedSections)
        {
            Copy(section, writer, cancel);
        }

        await DivideAsync("C", 8, c, writer, secret, threads, progress, cancel);
        await DivideAsync("H", 9, h, writer, secret, threads, progress, cancel);
        ZkeyFile.WriteHistory(writer, History with { Contributions = [.. History.Contributions, contribution] });
        writer.Complete();
        return ContributionReceipt.Of(contribution, History.Contributions.Count + 1);
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private static async Task<AffinePoint<TField, TCurve>> MultiplyAsync<TField, TCurve>(AffinePoint<TField, TCurve> point, ContributionSecret secret)
        where TField : unmanaged, IField<TField>
        where TCurve : struct, ICurve<TField>
    {
        AffinePoint<TField, TCurve>[] result = new AffinePoint<TField, TCurve>[1];
        await CommonScalar.MultiplyAsync<TField, TCurve>(new[] { point }, secret.Factor, result, threads: 1, CancellationToken.None);
        return result[0];
    }

    private async Task<ZkeyContribution> ContributeAsync(G1Affine deltaAfter, ContributionSecret secret, ContributionParameters parameters)
    {
        CeremonyTranscript transcript = new(History.CircuitHash.Span);
        foreach (ZkeyContribution earlier in History.Contributions)
        {
            transcript.Append(earlier);
        }

        G1Affine sX = await MultiplyAsync(secret.S, secret);
        byte[] hash = transcript.For(secret.S, sX);
        G2Affine spX = await MultiplyAsync(CeremonyStream.ChallengePoint(hash), secret);
        return new ZkeyContribution(deltaAfter, secret.S, sX, spX, hash, parameters);
    }

    private void Copy(int id, SectionWriter writer, CancellationToken cancel)
    {
        SectionReader section = _file.Read(id);
        writer.Begin(id, section.Remaining);
        byte[] buffer = new byte[BytesEach];
        while (section.Remaining > 0)
        {
            cancel.ThrowIfCancellationRequested();
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, section.Remaining));
            section.CopyValues(piece, "content");
            writer.WriteBytes(piece);
        }
    }

    private static async Task DivideAsync(
        string name,
        int id,
        ReadOnlyMemory<G1Affine> points,
        SectionWriter writer,
        ContributionSecret secret,
        int threads,
        IProgress<CeremonyProgress>? progress,
        CancellationToken cancel)
    {
        writer.Begin(id, (long)points.Length * PointEncoding.G1Length);
        G1Affine[] buffer = new G1Affine[Math.Min(PointsEach, points.Length)];
        for (int first = 0; first < points.Length; first += PointsEach)
        {
            progress?.Report(new CeremonyProgress($"the points {name}", first, points.Length));
            ReadOnlyMemory<G1Affine> piece = points.Slice(first, Math.Min(PointsEach, points.Length - first));
            Memory<G1Affine> quotients = buffer.AsMemory(0, piece.Length);
            await CommonScalar.MultiplyAsync(piece, secret.Inverse, quotients, threads, cancel);
            writer.WritePoints<Fq, Bn254G1>(quotients.Span);
            MappedValues<G1Affine>.ReleasePages(piece);
        }
    }
}
