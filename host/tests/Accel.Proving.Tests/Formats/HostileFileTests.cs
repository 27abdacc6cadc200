using Accel.Proving.Formats;
using Accel.Proving.Frontend;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>No spoiled file makes a reader do anything but return a value or throw the declared exception, without great memory.</summary>
[Collection(SharedPtau.Name)]
public sealed class HostileFileTests(PtauFixture ptau)
{
    private const int Seed = 20260101;

    public static TheoryData<string> Formats { get; } = ["r1cs", "wtns", "zkey", "zkey with commitments", "ptau", "prepared ptau"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_truncated_file_is_refused(string format)
    {
        HostileFiles files = await CreateAsync(format);
        files.CutAtEverySectionBoundary();
        files.CutAnywhere(Seed);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_flipped_bit_is_refused_or_read_and_nothing_else(string format) => (await CreateAsync(format)).FlipBits(Seed);

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_giant_count_costs_no_memory(string format) => (await CreateAsync(format)).ClaimGiantCounts();

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_broken_section_table_is_refused(string format) => (await CreateAsync(format)).BreakTheTable();

    private async Task<HostileFiles> CreateAsync(string format)
    {
        (SyntheticCircuit circuit, Fr[] witness) = SyntheticCircuit.Create(Seed, constraints: 5, publics: 2);
        switch (format)
        {
            case "r1cs":
                return new HostileFiles(Bytes(stream => R1csFile.Write(stream, circuit)), bytes => R1csFile.Read("hostile", bytes));
            case "wtns":
                return new HostileFiles(Bytes(stream => WitnessFile.Write(stream, witness)), bytes => WitnessFile.Read("hostile", bytes));
            case "zkey":
                using (ProvingKey key = await DevelopmentSetupTests.CreateAsync(circuit))
                {
                    return new HostileFiles(Bytes(stream => ZkeyFile.Write(stream, key)), bytes => ZkeyFile.Read("hostile", bytes).Dispose());
                }

            case "zkey with commitments":
                using (CompiledCircuit committing = CompiledCircuit.Compile(new CommittingCircuit(count: 2)))
                using (ProvingKey key = await Groth16Setup.CreateDevelopmentKeyAsync(committing, threads: 1, progress: null, TestContext.Current.CancellationToken))
                {
                    byte[] good = Bytes(stream => ZkeyFile.Write(stream, key));
                    return new HostileFiles(good, bytes => ReadCommitments(bytes, good.Length));
                }

            default:
                return new HostileFiles(File.ReadAllBytes(format == "ptau" ? ptau.Unprepared : ptau.Prepared), ReadPtau);
        }
    }

    /// <summary>A file that lost its last section whole is a good key of another kind, which only the consumer can refuse; here it counts as refused.</summary>
    private static void ReadCommitments(byte[] bytes, int goodLength)
    {
        using ProvingKey key = ZkeyFile.Read("hostile", bytes);
        if (key.Commitments is null && bytes.Length < goodLength)
        {
            throw new InvalidFileException("hostile", "the commitments are missing");
        }
    }

    private static void ReadPtau(byte[] bytes)
    {
        using PtauFile file = PtauFile.Read("hostile", bytes);
        file.BetaG2();
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return stream.ToArray();
    }
}
