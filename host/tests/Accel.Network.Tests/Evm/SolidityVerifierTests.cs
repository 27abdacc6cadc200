using System.Numerics;
using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Network.Tests.Evm;

/// <summary>The generated contract on a local chain, held to real circuits' keys and to snarkjs.</summary>
public sealed class SolidityVerifierTests(VerifierFixture fixture) : IClassFixture<VerifierFixture>
{
    private const string Semaphore = "semaphore-1";
    private const int PairingPrecompile = 8;

    private static readonly BigInteger R = Fr.Modulus;
    private static readonly BigInteger Q = Fq.Modulus;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> CaseNames => [.. SnarkjsCase.Names];

    [Theory]
    [MemberData(nameof(CaseNames))]
    public async Task Accepts_the_proofs_that_snarkjs_made(string name)
    {
        SnarkjsCase real = SnarkjsCase.Load(name);
        VerifierClient verifier = await RealAsync(name);
        Assert.True(await verifier.VerifyAsync(real.Proof, real.Inputs, Cancel));
    }

    [Fact]
    public async Task Answers_as_snarkjs_does_on_good_and_broken_proofs()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        List<(BigInteger[] Proof, BigInteger[] Inputs)> cases =
        [
            (real.Proof, real.Inputs),
            .. Enumerable.Range(2, 3).Select(factor => (Rerandomise(real.Proof, factor), real.Inputs)),
            .. Enumerable.Range(0, 8).Select(i => (Replace(real.Proof, i, real.Proof[i] ^ 1), real.Inputs)),
            .. Enumerable.Range(0, real.Inputs.Length).Select(i => (real.Proof, Replace(real.Inputs, i, (real.Inputs[i] + 1) % R))),
            .. Enumerable.Range(0, real.Inputs.Length).Select(i => (real.Proof, Replace(real.Inputs, i, real.Inputs[i] + R))),
            (Replace(real.Proof, 1, Q - real.Proof[1]), real.Inputs),
            (SwapG2Halves(real.Proof), real.Inputs),
            ([.. real.Proof[6..], .. real.Proof[2..6], .. real.Proof[..2]], real.Inputs),
        ];

        bool[] theirs = await Snarkjs.VerdictsAsync(Semaphore, cases, Cancel);

        VerifierClient verifier = await RealAsync(Semaphore);
        for (int i = 0; i < cases.Count; i++)
        {
            bool ours = await VerdictAsync(verifier, cases[i].Proof, cases[i].Inputs);
            Assert.True(ours == theirs[i], $"case {i}: the contract says {ours}, snarkjs {theirs[i]}");
        }

        Assert.Equal(4, theirs.Count(verdict => verdict));
    }

    [Fact]
    public async Task Refuses_every_coordinate_with_one_bit_flipped()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        VerifierClient verifier = await RealAsync(Semaphore);
        for (int word = 0; word < 8; word++)
        {
            foreach (int bit in (int[])[0, 100, 253, 255])
            {
                BigInteger[] broken = Replace(real.Proof, word, real.Proof[word] ^ (BigInteger.One << bit));
                await AssertPairingFailsAsync(verifier, broken, real.Inputs, $"word {word}, bit {bit}");
            }
        }
    }

    [Fact]
    public async Task Refuses_coordinates_at_or_above_the_field_prime()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        VerifierClient verifier = await RealAsync(Semaphore);
        for (int word = 0; word < 8; word++)
        {
            await AssertPairingFailsAsync(verifier, Replace(real.Proof, word, real.Proof[word] + Q), real.Inputs, $"word {word} + q");
            await AssertPairingFailsAsync(verifier, Replace(real.Proof, word, Q), real.Inputs, $"word {word} = q");
        }
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 4)]
    [InlineData(6, 2)]
    public async Task Finds_a_proof_with_a_point_at_infinity_false(int firstWord, int words)
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        BigInteger[] broken = [.. real.Proof];
        Array.Clear(broken, firstWord, words);
        Assert.False(await (await RealAsync(Semaphore)).VerifyAsync(broken, real.Inputs, Cancel));
    }

    [Fact]
    public async Task Refuses_a_G2_point_with_its_halves_swapped()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        await AssertPairingFailsAsync(await RealAsync(Semaphore), SwapG2Halves(real.Proof), real.Inputs, "swapped halves");
    }

    [Fact]
    public async Task Refuses_a_point_of_the_twist_outside_the_subgroup()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        G2Affine stray = PointOutsideSubgroup();
        Assert.True(stray.IsOnCurve);
        BigInteger[] broken = [.. real.Proof];
        SolidityProof.ToWords(new Proof(default, stray, default)).AsSpan(2, 4).CopyTo(broken.AsSpan(2));
        await AssertPairingFailsAsync(await RealAsync(Semaphore), broken, real.Inputs, "outside the subgroup");
    }

    [Fact]
    public async Task Finds_a_well_formed_proof_of_something_else_false()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        SnarkjsCase other = SnarkjsCase.Load("semaphore-10");
        VerifierClient verifier = await RealAsync(Semaphore);
        Assert.False(await verifier.VerifyAsync(other.Proof, real.Inputs, Cancel));
        Assert.False(await verifier.VerifyAsync(Replace(real.Proof, 1, Q - real.Proof[1]), real.Inputs, Cancel));
        for (int i = 0; i < real.Inputs.Length; i++)
        {
            Assert.False(await verifier.VerifyAsync(real.Proof, Replace(real.Inputs, i, (real.Inputs[i] + 1) % R), Cancel));
        }
    }

    [Fact]
    public async Task Refuses_public_inputs_that_are_not_reduced_and_names_them()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        VerifierClient verifier = await RealAsync(Semaphore);
        for (int i = 0; i < real.Inputs.Length; i++)
        {
            foreach (BigInteger value in (BigInteger[])[real.Inputs[i] + R, R, (BigInteger.One << 256) - 1])
            {
                EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(
                    () => verifier.VerifyAsync(real.Proof, Replace(real.Inputs, i, value), Cancel));
                Assert.Equal("PublicInputNotReduced", refusal.ErrorName);
                Assert.Equal(i, refusal.Arguments["index"]);
                Assert.Equal(value, refusal.Arguments["value"]);
            }
        }

        // r − 1 is canonical: the statement is false, but well formed.
        Assert.False(await verifier.VerifyAsync(real.Proof, Replace(real.Inputs, 0, R - 1), Cancel));
    }

    [Fact]
    public async Task Refuses_call_data_of_another_length()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        VerifierClient verifier = await RealAsync(Semaphore);
        byte[] call = VerifierClient.Encode(real.Proof, real.Inputs);
        ContractArtifact artifact = fixture.Artifact(VerifierFixture.ContractName(Semaphore));
        foreach (int extra in (int[])[1, 32])
        {
            EvmRevertException tooLong = await Assert.ThrowsAsync<EvmRevertException>(
                () => fixture.Evm.CallAsync(verifier.Address, (byte[])[.. call, .. new byte[extra]], artifact.Errors, Cancel));
            Assert.Equal("CalldataLength", tooLong.ErrorName);
            Assert.Equal(call.Length + extra, tooLong.Arguments["given"]);
            Assert.Equal(call.Length, tooLong.Arguments["expected"]);
        }

        foreach (int length in (int[])[0, 3, 4, call.Length - 32, call.Length - 1])
        {
            EvmRevertException tooShort = await Assert.ThrowsAsync<EvmRevertException>(
                () => fixture.Evm.CallAsync(verifier.Address, call.AsMemory(0, length), artifact.Errors, Cancel));
            Assert.Null(tooShort.ErrorName);
        }
    }

    [Fact]
    public async Task Refuses_another_number_of_public_inputs()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        VerifierClient verifier = await RealAsync(Semaphore);
        await Assert.ThrowsAsync<EvmRevertException>(() => verifier.VerifyAsync(real.Proof, real.Inputs[..^1], Cancel));
        await Assert.ThrowsAsync<EvmRevertException>(() => verifier.VerifyAsync(real.Proof, [.. real.Inputs, 0], Cancel));
    }

    [Fact]
    public async Task Never_answers_when_the_gas_does_not_suffice()
    {
        BigInteger[] inputs = [5];
        byte[] call = VerifierClient.Encode(SolidityProof.ToWords(VerifierFixture.OneInput.Simulate([5])), inputs);
        VerifierClient verifier = await SimulatedAsync(nameof(VerifierFixture.OneInput));
        long enough = ChainFixture.IntrinsicGas(call) + 200_000;
        await fixture.CallWithGasAsync(verifier.Address, call, enough, Cancel);
        for (long gas = ChainFixture.IntrinsicGas(call); gas < enough - 15_000; gas += 2_000)
        {
            await Assert.ThrowsAsync<JsonRpcException>(() => fixture.CallWithGasAsync(verifier.Address, call, gas, Cancel));
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Refuses_on_a_chain_without_a_precompile(int precompile)
    {
        VerifierClient verifier = await SimulatedAsync($"Without{precompile}");
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(
            () => verifier.VerifyAsync(SolidityProof.ToWords(VerifierFixture.OneInput.Simulate([5])), [5], Cancel));
        Assert.Equal(precompile == PairingPrecompile ? "PairingFailed" : "InputSumFailed", refusal.ErrorName);
    }

    [Fact]
    public async Task Serves_keys_with_one_input_with_many_and_with_an_unused_one()
    {
        await AssertBoundToEveryInputAsync(nameof(VerifierFixture.OneInput), VerifierFixture.OneInput, 1, unused: -1);
        await AssertBoundToEveryInputAsync(nameof(VerifierFixture.UnusedInput), VerifierFixture.UnusedInput, 3, unused: 1);

        int most = SolidityVerifier.PublicInputsMax;
        Fr[] inputs = [.. Enumerable.Range(1, most).Select(i => (Fr)i)];
        VerifierClient large = await SimulatedAsync(nameof(VerifierFixture.MostInputs));
        Assert.True(await large.VerifyAsync(SolidityProof.ToWords(VerifierFixture.MostInputs.Simulate(inputs)), [.. inputs.Select(x => x.ToBigInteger())], Cancel));
        Assert.InRange(fixture.Artifact(nameof(VerifierFixture.MostInputs)).DeployedLengthBytes, 1, 24_576);
    }

    /// <summary>Gas is exact, and these are the figures that host/contracts/README.md states: a change in either direction is a change of the contract.</summary>
    [Theory]
    [InlineData(nameof(VerifierFixture.OneInput), 188_230)]
    [InlineData(nameof(VerifierFixture.NineInputs), 240_239)]
    public async Task Costs_the_gas_that_the_documentation_states(string contract, long executionGas)
    {
        SimulatedSetup setup = contract == nameof(VerifierFixture.OneInput) ? VerifierFixture.OneInput : VerifierFixture.NineInputs;
        Fr[] inputs = [.. Enumerable.Range(1, setup.Key.PublicCount).Select(i => (Fr)i)];
        byte[] call = VerifierClient.Encode(SolidityProof.ToWords(setup.Simulate(inputs)), [.. inputs.Select(x => x.ToBigInteger())]);
        Assert.Equal(executionGas, await ExecutionGasAsync(await SimulatedAsync(contract), call));
    }

    /// <summary>snarkjs 0.7.6's template costs 208,946 for this key and this proof, with the same compiler and settings.</summary>
    [Fact]
    public async Task Costs_less_than_snarkjs_template()
    {
        SnarkjsCase real = SnarkjsCase.Load(Semaphore);
        Assert.Equal(207_739, await ExecutionGasAsync(await RealAsync(Semaphore), VerifierClient.Encode(real.Proof, real.Inputs)));
    }

    private async Task<long> ExecutionGasAsync(VerifierClient verifier, byte[] call)
    {
        EvmReceipt receipt = await fixture.Evm.SendAsync(verifier.Address, call, [], Cancel);
        return receipt.GasUsed - ChainFixture.IntrinsicGas(call);
    }

    private async Task AssertBoundToEveryInputAsync(string contract, SimulatedSetup setup, int count, int unused)
    {
        Fr[] inputs = [.. Enumerable.Range(1, count).Select(i => (Fr)(1000 * i))];
        BigInteger[] words = [.. inputs.Select(x => x.ToBigInteger())];
        BigInteger[] proof = SolidityProof.ToWords(setup.Simulate(inputs));
        VerifierClient verifier = await SimulatedAsync(contract);
        Assert.True(await verifier.VerifyAsync(proof, words, Cancel));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i == unused, await verifier.VerifyAsync(proof, Replace(words, i, words[i] + 1), Cancel));
        }
    }

    private async Task AssertPairingFailsAsync(VerifierClient verifier, BigInteger[] proof, BigInteger[] inputs, string what)
    {
        EvmRevertException refusal = await Assert.ThrowsAsync<EvmRevertException>(() => verifier.VerifyAsync(proof, inputs, Cancel));
        Assert.True(refusal.ErrorName == "PairingFailed", $"{what}: {refusal.Message}");
    }

    private static async Task<bool> VerdictAsync(VerifierClient verifier, BigInteger[] proof, BigInteger[] inputs)
    {
        try
        {
            return await verifier.VerifyAsync(proof, inputs, Cancel);
        }
        catch (EvmRevertException)
        {
            return false;
        }
    }

    private Task<VerifierClient> RealAsync(string name) => fixture.VerifierAsync(VerifierFixture.ContractName(name), Cancel);

    private Task<VerifierClient> SimulatedAsync(string contract) => fixture.VerifierAsync(contract, Cancel);

    private static BigInteger[] Replace(BigInteger[] words, int index, BigInteger value)
    {
        BigInteger[] copy = [.. words];
        copy[index] = value;
        return copy;
    }

    private static BigInteger[] SwapG2Halves(BigInteger[] proof) =>
        [proof[0], proof[1], proof[3], proof[2], proof[5], proof[4], proof[6], proof[7]];

    /// <summary>(A·t, B/t, C): another valid proof of the same statement, since e(A·t, B/t) = e(A, B).</summary>
    private static BigInteger[] Rerandomise(BigInteger[] proof, int factor)
    {
        G1Affine a = new(Fq.FromBigInteger(proof[0]), Fq.FromBigInteger(proof[1]));
        G2Affine b = new(
            new Fq2(Fq.FromBigInteger(proof[3]), Fq.FromBigInteger(proof[2])),
            new Fq2(Fq.FromBigInteger(proof[5]), Fq.FromBigInteger(proof[4])));
        Fr t = factor;
        Proof changed = new((G1.FromAffine(a) * t).ToAffine(), (G2.FromAffine(b) * t.Inverse()).ToAffine(), default);
        return [.. SolidityProof.ToWords(changed)[..6], proof[6], proof[7]];
    }

    private static G2Affine PointOutsideSubgroup()
    {
        for (Fq2 x = new(1, 0); ; x += Fq2.One)
        {
            if (((x.Square() * x) + Bn254G2.B).TrySqrt(out Fq2 y) && !new G2Affine(x, y).IsInSubgroup())
            {
                return new G2Affine(x, y);
            }
        }
    }
}
