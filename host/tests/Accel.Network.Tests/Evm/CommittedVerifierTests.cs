using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Network.Tests.Evm;

/// <summary>The generated contract for keys with commitments: it draws the prover's challenges, and refuses whatever was tampered with.</summary>
public sealed class CommittedVerifierTests(CommittedVerifierFixture fixture) : IClassFixture<CommittedVerifierFixture>
{
    private const int FirstCommitment = 8;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Contracts => [.. CommittedVerifierFixture.Shapes.Keys];

    [Theory]
    [MemberData(nameof(Contracts))]
    public async Task Accepts_the_provers_proofs(string contract)
    {
        VerifierClient verifier = await fixture.VerifierAsync(contract, Cancel);
        for (int i = 0; i < 2; i++)
        {
            (Proof proof, BigInteger[] words, BigInteger[] inputs) = await CommittedVerifierFixture.Cases[contract].ProveAsync();
            Assert.True(Groth16Verifier.Verify(CommittedVerifierFixture.Cases[contract].Key, inputs, proof));
            Assert.True(await verifier.VerifyAsync(words, inputs, Cancel));
        }

        Assert.InRange(fixture.Artifact(contract).DeployedLengthBytes, 1, 24_576);
    }

    [Fact]
    public async Task Answers_as_the_verifier_in_C_does_on_tampered_proofs()
    {
        const string Contract = "ThreeCommitments";
        CommittedCase committed = CommittedVerifierFixture.Cases[Contract];
        VerifierClient verifier = await fixture.VerifierAsync(Contract, Cancel);
        (Proof proof, BigInteger[] words, BigInteger[] inputs) = await committed.ProveAsync();
        (Proof other, _, _) = await committed.ProveAsync();
        ProofCommitments good = proof.Commitments!;
        G1Affine[] points = good.Points.ToArray();
        G1Affine moved = G1Affine.Generator;
        List<(string What, ProofCommitments Commitments)> tampered =
        [
            ("swapped 0 and 1", new(new[] { points[1], points[0], points[2] }, good.Knowledge)),
            ("swapped 1 and 2", new(new[] { points[0], points[2], points[1] }, good.Knowledge)),
            ("another's first", new(new[] { other.Commitments!.Points.Span[0], points[1], points[2] }, good.Knowledge)),
            ("negated", new(new[] { points[0], -points[1], points[2] }, good.Knowledge)),
            ("moved", new(new[] { Sum(points[0], moved), Sum(points[1], -moved), points[2] }, good.Knowledge)),
            ("first infinity", new(new[] { G1Affine.Infinity, points[1], points[2] }, good.Knowledge)),
            ("last infinity", new(new[] { points[0], points[1], G1Affine.Infinity }, good.Knowledge)),
            ("all infinity", new(new G1Affine[3], G1Affine.Infinity)),
            ("no knowledge", new(points, G1Affine.Infinity)),
            ("negated knowledge", new(points, -good.Knowledge)),
            ("another's knowledge", new(points, other.Commitments.Knowledge)),
            ("another's commitments", other.Commitments),
        ];

        Assert.True(await verifier.VerifyAsync(words, inputs, Cancel));
        foreach ((string what, ProofCommitments commitments) in tampered)
        {
            Proof wrong = proof with { Commitments = commitments };
            Assert.False(Groth16Verifier.Verify(committed.Key, inputs, wrong), what);
            Assert.False(await verifier.VerifyAsync(SolidityProof.ToWords(wrong), inputs, Cancel), what);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            BigInteger[] changed = Replace(inputs, i, inputs[i] + 1);
            Assert.False(await verifier.VerifyAsync(words, changed, Cancel), $"input {i}");
        }

        foreach (int word in (int[])[0, 2, 6])
        {
            Proof negated = word switch { 0 => proof with { A = -proof.A }, 2 => proof with { B = -proof.B }, _ => proof with { C = -proof.C } };
            Assert.False(await verifier.VerifyAsync(SolidityProof.ToWords(negated), inputs, Cancel), $"word {word}");
        }

        static G1Affine Sum(G1Affine a, G1Affine b) => (G1.FromAffine(a) + b).ToAffine();
    }

    [Fact]
    public async Task Errors_that_cancel_between_the_two_equations_are_refused()
    {
        // e(L, −G2) and e(π, −G2) share a pair: without the random power between them, what π lacks could stand in a public input's term.
        const string Contract = "OneCommitment";
        CommittedCase committed = CommittedVerifierFixture.Cases[Contract];
        VerifierClient verifier = await fixture.VerifierAsync(Contract, Cancel);
        (Proof proof, _, BigInteger[] inputs) = await committed.ProveAsync();
        G1Affine input = committed.Key.Inputs.Span[1];
        foreach (int sign in (int[])[1, -1])
        {
            // The input's term in L and the knowledge π stand in one pair: were they only added up, one could make up for the other.
            G1 knowledge = G1.FromAffine(proof.Commitments!.Knowledge) - (G1.FromAffine(input) * (Fr)sign);
            Proof wrong = proof with { Commitments = new ProofCommitments(proof.Commitments.Points, knowledge.ToAffine()) };
            Assert.False(await verifier.VerifyAsync(SolidityProof.ToWords(wrong), inputs, Cancel));
            Assert.False(await verifier.VerifyAsync(SolidityProof.ToWords(wrong), Replace(inputs, 0, inputs[0] + sign), Cancel));
        }
    }

    [Fact]
    public async Task Refuses_words_that_are_no_points_and_inputs_that_are_not_reduced()
    {
        const string Contract = "TwoCommitments";
        VerifierClient verifier = await fixture.VerifierAsync(Contract, Cancel);
        (_, BigInteger[] words, BigInteger[] inputs) = await CommittedVerifierFixture.Cases[Contract].ProveAsync();
        for (int word = 0; word < words.Length; word++)
        {
            string expected = word < FirstCommitment ? "PairingFailed" : "InputSumFailed";
            foreach (BigInteger value in (BigInteger[])[words[word] ^ 1, words[word] + Fq.Modulus])
            {
                EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(() => verifier.VerifyAsync(Replace(words, word, value), inputs, Cancel));
                Assert.True(refusal.ErrorName == expected, $"word {word}: {refusal.Message}");
            }
        }

        EvmRevertException notReduced = await Assert.ThrowsAsync<EvmRevertException>(
            () => verifier.VerifyAsync(words, Replace(inputs, 0, inputs[0] + Fr.Modulus), Cancel));
        Assert.Equal("PublicInputNotReduced", notReduced.ErrorName);
        await Assert.ThrowsAsync<EvmRevertException>(() => verifier.VerifyAsync(words[..8], inputs, Cancel));
        byte[] call = VerifierClient.Encode(words, inputs);
        EvmRevertException tooLong = await Assert.ThrowsAsync<EvmRevertException>(
            () => fixture.Evm.CallAsync(verifier.Address, (byte[])[.. call, 0], fixture.Artifact(Contract).Errors, Cancel));
        Assert.Equal("CalldataLength", tooLong.ErrorName);
        Assert.Equal(call.Length, tooLong.Arguments["expected"]);
    }

    [Fact]
    public async Task Never_answers_when_the_gas_does_not_suffice()
    {
        const string Contract = "OneCommitment";
        VerifierClient verifier = await fixture.VerifierAsync(Contract, Cancel);
        (_, BigInteger[] words, BigInteger[] inputs) = await CommittedVerifierFixture.Cases[Contract].ProveAsync();
        byte[] call = VerifierClient.Encode(words, inputs);
        await fixture.CallWithGasAsync(verifier.Address, call, 400_000, Cancel);
        foreach (long gas in (long[])[40_000, 60_000, 100_000, 200_000, 240_000])
        {
            await Assert.ThrowsAsync<JsonRpcException>(() => fixture.CallWithGasAsync(verifier.Address, call, gas, Cancel));
        }
    }

    /// <summary>These are the figures that host/contracts/README.md states.</summary>
    [Theory]
    [InlineData("OneCommitment", 242_358)]
    [InlineData("NineInputs", 294_439)]
    [InlineData("TwoCommitments", 289_957)]
    public async Task Costs_the_gas_that_the_documentation_states(string contract, long executionGas)
    {
        VerifierClient verifier = await fixture.VerifierAsync(contract, Cancel);
        (_, BigInteger[] words, BigInteger[] inputs) = await CommittedVerifierFixture.Cases[contract].ProveAsync();
        byte[] call = VerifierClient.Encode(words, inputs);
        EvmReceipt receipt = await fixture.Evm.SendAsync(verifier.Address, call, [], Cancel);
        Assert.Equal(executionGas, receipt.GasUsed - ChainFixture.IntrinsicGas(call));
    }

    private static BigInteger[] Replace(BigInteger[] words, int index, BigInteger value)
    {
        BigInteger[] copy = [.. words];
        copy[index] = value;
        return copy;
    }
}
