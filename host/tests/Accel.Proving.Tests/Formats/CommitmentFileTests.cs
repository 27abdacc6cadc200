using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Groth16;
using Xunit;

namespace Accel.Proving.Tests.Formats;

/// <summary>What commitments add to files is checked as strictly as the rest, and files without them stay as they were.</summary>
public sealed class CommitmentFileTests(CommitmentFixture fixture) : IClassFixture<CommitmentFixture>
{
    private const int ItemBytes = 264;

    /// <summary>Section 11 begins with the hash and the count; its first item with the challenge's wire and the number of wires.</summary>
    private const int Items = 8;

    private const int Wires = Items + (3 * ItemBytes);

    [Theory]
    [InlineData(0, 3u, "hash 3 is not known")]
    [InlineData(4, 0u, "without commitments has no section 11")]
    [InlineData(4, 2u, "the committed wires and their points take")]
    [InlineData(4, 0xffffffffu, "commitments are claimed")]
    [InlineData(Items, 0u, "challenge 0 is not one of the private wires 3 to ")]
    [InlineData(Items, 2u, "challenge 2 is not one of the private wires 3 to ")]
    [InlineData(Items, 0xffffffffu, "is not one of the private wires 3 to ")]
    [InlineData(Items, 3u, "committed wire 3 is committed or a challenge already")]
    [InlineData(Items + 4, 7u, "the committed wires and their points take")]
    [InlineData(Items + 4, 0xffffffffu, "committed wires are claimed")]
    [InlineData(Items + 8, 1u, "of K of a challenge is not on")]
    [InlineData(Items + 72, 1u, "of σδ is not on")]
    [InlineData(Items + 136, 1u, "of σ is not on")]
    [InlineData(Wires, 1u, "committed wire 1 is not one of the private wires 3 to ")]
    [InlineData(Wires, 4u, "committed wire 4 is committed or a challenge already")]
    [InlineData(Wires, 16u, "committed wire 16 has a point among C too")]
    [InlineData(Wires + (12 * 4), 1u, "of the commitments' basis is not on")]
    [InlineData(Wires + (12 * 68), 1u, "of the proof of knowledge's basis is not on")]
    public void A_spoiled_section_is_refused_with_the_reason(int at, uint value, string reason)
    {
        byte[] bad = KeyBytes();
        BinaryPrimitives.WriteUInt32LittleEndian(bad.AsSpan(SectionStart(bad) + at), value);

        InvalidFileException exception = Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("bad.zkey", bad).Dispose());
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commitments_that_share_a_sigma_are_refused()
    {
        // CVE-2024-45039: under one σ for all, knowledge of the sum says nothing of each.
        byte[] bad = KeyBytes();
        int sigma = SectionStart(bad) + Items + 136;
        bad.AsSpan(sigma, 128).CopyTo(bad.AsSpan(sigma + ItemBytes));
        Assert.Contains("σ of commitment 1", Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("bad.zkey", bad).Dispose()).Message, StringComparison.Ordinal);

        bad = KeyBytes();
        bad.AsSpan(sigma, 128).Clear();
        Assert.Contains("σ of commitment 0", Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("bad.zkey", bad).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Blinding_needs_gamma_to_be_one()
    {
        using MemoryStream stream = new();
        ProvingKey key = fixture.Key();
        ZkeyFile.Write(stream, new ProvingKey(key.Header with { Gamma2 = key.Header.Delta2 }, key.Points, key.Constraints, key.History, key.Commitments));

        Assert.Contains("γ = 1", Assert.Throws<InvalidFileException>(() => ZkeyFile.Read("bad.zkey", stream.ToArray()).Dispose()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_whose_commitments_contradict_each_other_is_refused()
    {
        ProvingKey key = fixture.Key();
        ProvingKeyCommitments good = key.Commitments!;
        foreach (ProvingKeyCommitments bad in (ProvingKeyCommitments[])
            [good with { Wires = good.Wires[1..] }, good with { Basis = good.Basis[1..] }, good with { KnowledgeBasis = good.KnowledgeBasis[1..] }, good with { Items = [] }])
        {
            Assert.Throws<ArgumentException>(() => new ProvingKey(key.Header, key.Points, key.Constraints, key.History, bad));
        }
    }

    [Theory]
    [InlineData("commitments", null, "only one of")]
    [InlineData("commitments_knowledge", null, "only one of")]
    [InlineData("commitments", "[]", "is empty")]
    [InlineData("commitments", "{}", "not an array")]
    [InlineData("commitments", "[[\"1\",\"1\",\"1\"]]", "commitments[0] is not a point of G1")]
    [InlineData("commitments_knowledge", "[\"1\",\"1\",\"1\"]", "commitments_knowledge is not a point of G1")]
    public async Task A_bad_proof_is_refused_with_the_reason(string member, string? value, string reason)
    {
        ProofResult result = await fixture.ProveAsync();
        JsonObject proof = Parse(stream => ProofJson.Write(stream, result.Proof));
        Change(proof, member, value);

        Assert.Contains(reason, Assert.Throws<InvalidFileException>(() => ProofJson.Parse("proof.json", Utf8(proof))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hash", "\"sha256\"", "known is keccak256, poseidon")]
    [InlineData("hash", null, "no member 'hash'")]
    [InlineData("keys", "[]", "keys is empty")]
    [InlineData("keys", "[{}]", "no member 'challenge_1'")]
    [InlineData("more", "1", "unknown member 'more'")]
    public void A_bad_verification_key_is_refused_with_the_reason(string member, string? value, string reason)
    {
        JsonObject key = Parse(stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(fixture.Key())));
        Change(key["commitments"]!.AsObject(), member, value);

        Assert.Contains(reason, Assert.Throws<InvalidFileException>(() => VerificationKeyJson.Parse("key.json", Utf8(key))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verification_key_whose_commitments_share_a_sigma_is_refused()
    {
        JsonObject key = Parse(stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(fixture.Key())));
        JsonArray keys = key["commitments"]!["keys"]!.AsArray();
        keys[1]!["sigma_2"] = keys[0]!["sigma_2"]!.DeepClone();

        Assert.Contains("sigma_2", Assert.Throws<InvalidFileException>(() => VerificationKeyJson.Parse("key.json", Utf8(key))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verification_key_comes_out_as_it_went_in()
    {
        foreach (CommitmentHash hash in Enum.GetValues<CommitmentHash>())
        {
            JsonObject key = Parse(stream => VerificationKeyJson.Write(stream, VerificationKey.FromProvingKey(fixture.Key(hash))));
            VerificationKey read = VerificationKeyJson.Parse("key.json", Utf8(key));

            Assert.Equal(hash, read.Commitments!.Hash);
            Assert.Equal(key.ToJsonString(), Parse(stream => VerificationKeyJson.Write(stream, read)).ToJsonString());
        }
    }

    private static int SectionStart(byte[] file)
    {
        int at = 12;
        while (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) != 11)
        {
            at += 12 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at + 4));
        }

        return at + 12;
    }

    private static void Change(JsonObject parent, string member, string? value)
    {
        parent.Remove(member);
        if (value is not null)
        {
            parent[member] = JsonNode.Parse(value);
        }
    }

    private static JsonObject Parse(Action<Stream> write) => JsonNode.Parse(Utf8Of(write))!.AsObject();

    private static byte[] Utf8(JsonObject root) => System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());

    private static byte[] Utf8Of(Action<Stream> write)
    {
        using MemoryStream stream = new();
        write(stream);
        return stream.ToArray();
    }

    private byte[] KeyBytes() => Utf8Of(stream => ZkeyFile.Write(stream, fixture.Key()));
}
