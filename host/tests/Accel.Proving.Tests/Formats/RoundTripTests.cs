using System.Text;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Testing;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>What is read is written back as it was, on files that other tools made.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Keys => RealKeys.Names;

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_zkey_comes_out_as_it_went_in(string name)
    {
        using ProvingKey key = ZkeyFile.Read(RealKeys.File(name, "circuit.zkey"));
        using MemoryStream written = new();

        ZkeyFile.Write(written, key);

        Assert.Equal(RealKeys.Bytes(name, "circuit.zkey"), written.ToArray());
        Assert.False(key.IsForDevelopment);
    }

    [Theory]
    [InlineData("arianee-ownershipVerifier", "ownershipVerifier.r1cs", 269, 3, 263)]
    [InlineData("darkforest-whitelist", "whitelist.r1cs", 664, 2, 661)]
    public void An_r1cs_comes_out_as_it_went_in(string name, string file, int wires, int publics, int constraints)
    {
        R1csFile system = R1csFile.Read(RealKeys.File(name, file));
        using MemoryStream written = new();

        R1csFile.Write(written, system);

        Assert.Equal(RealKeys.Bytes(name, file), written.ToArray());
        Assert.Equal((wires, publics, constraints), (system.WireCount, system.PublicCount, system.ConstraintCount));
        Assert.Equal(wires, system.WireLabels.Length);
        Assert.Equal(publics, system.Header.PublicOutputCount + system.Header.PublicInputCount);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_witness_comes_out_as_it_went_in(string name)
    {
        byte[] original = RealKeys.WitnessBytes(name);
        using MemoryStream written = new();

        WitnessFile.Write(written, WitnessFile.Read(name, original));

        Assert.Equal(original, written.ToArray());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Json_files_keep_their_meaning(string name)
    {
        AssertSameJson(RealKeys.Bytes(name, "proof_snarkjs.json"), stream => ProofJson.Write(stream, ProofJson.Read(RealKeys.File(name, "proof_snarkjs.json"))));
        AssertSameJson(RealKeys.Bytes(name, "public.json"), stream => PublicJson.Write(stream, PublicJson.Read(RealKeys.File(name, "public.json"))));
        AssertSameJson(
            RealKeys.Bytes(name, "verification_key.json"),
            stream => VerificationKeyJson.Write(stream, VerificationKeyJson.Read(RealKeys.File(name, "verification_key.json"))));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_verification_key_in_a_zkey_is_the_exported_one(string name)
    {
        using ProvingKey key = ZkeyFile.Read(RealKeys.File(name, "circuit.zkey"), trusted: true);

        AssertSameJson(RealKeys.Bytes(name, "verification_key.json"), stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(key)));
    }

    [Fact]
    public void Contributions_carry_their_names()
    {
        using ProvingKey key = ZkeyFile.Read(RealKeys.File("semaphore-10", "circuit.zkey"));

        Assert.Equal(419, key.History.Contributions.Count);
        Assert.Contains(key.History.Contributions, contribution => contribution.Name.Length > 0);
        Assert.Equal(key.Header.Delta1, key.History.Contributions[^1].DeltaAfter);
        Assert.Equal(64, key.History.Contributions[0].Transcript.Length);
        Assert.Equal(64, key.History.CircuitHash.Length);
    }

    [Fact]
    public void An_r1cs_in_memory_reads_like_the_file()
    {
        byte[] bytes = RealKeys.Bytes("darkforest-whitelist", "whitelist.r1cs");
        R1csFile system = R1csFile.Read("whitelist.r1cs", bytes);

        Assert.Equal(new R1csHeader(664, 1, 1, 1, 891, 661), system.Header);
        Assert.False(system.Coefficients.Contains(Fr.Zero));
    }

    [Fact]
    public void A_disposed_key_gives_no_points()
    {
        ProvingKey key = ZkeyFile.Read(RealKeys.File("arianee-ownershipVerifier", "circuit.zkey"));
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Points.A.Span[0]);
    }

    [Fact]
    public void A_witness_file_on_disk_reads_like_one_in_memory()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = RealKeys.WitnessBytes("semaphore-identity");
        File.WriteAllBytes(folder["witness.wtns"], bytes);

        Assert.Equal(WitnessFile.Read("witness.wtns", bytes), WitnessFile.Read(folder["witness.wtns"]));
    }

    /// <summary>Equality but for white space, which snarkjs' own tools vary.</summary>
    private static void AssertSameJson(byte[] expected, Action<Stream> write)
    {
        using MemoryStream written = new();
        write(written);
        Assert.Equal(Compact(expected), Compact(written.ToArray()));
    }

    private static string Compact(byte[] json) => string.Concat(Encoding.UTF8.GetString(json).Where(character => !char.IsWhiteSpace(character)));
}
