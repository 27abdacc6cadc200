using Accel.Network.Evm;
using Accel.Network.Tests.Support;
using Accel.Proving.Groth16;
using Xunit;

namespace Accel.Network.Tests.Evm;

public sealed class SolidityGeneratorTests
{
    private static readonly VerificationKey Key = new SimulatedSetup(publicInputs: 2, seed: 31).Key;

    [Fact]
    public void The_same_key_gives_the_same_text()
    {
        Assert.Equal(SolidityVerifier.Generate(Key), SolidityVerifier.Generate(Key with { Inputs = Key.Inputs.ToArray() }));
        Assert.Equal("verifyProof(uint256[8],uint256[2])", SolidityVerifier.FunctionSignature(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1Verifier")]
    [InlineData("Verifier { }")]
    public void A_name_must_be_an_identifier(string name) =>
        Assert.Throws<ArgumentException>(() => SolidityVerifier.Generate(Key, name));

    [Fact]
    public void A_broken_key_is_refused_with_the_place()
    {
        G1Affine off = new(1, 1);
        G2Affine offTwist = new(Fq2.One, Fq2.One);
        AssertRefused(Key with { Alpha1 = off }, "alpha1");
        AssertRefused(Key with { Alpha1 = G1Affine.Infinity }, "alpha1");
        AssertRefused(Key with { Beta2 = offTwist }, "beta2");
        AssertRefused(Key with { Gamma2 = G2Affine.Infinity }, "gamma2");
        AssertRefused(Key with { Delta2 = offTwist }, "delta2");
        AssertRefused(Key with { Inputs = new[] { Key.Inputs.Span[0], off } }, "IC[1]");
        AssertRefused(Key with { Inputs = Key.Inputs[..1] }, "0 public inputs");
        AssertRefused(Key with { Inputs = new G1Affine[SolidityVerifier.PublicInputsMax + 2] }, $"1 to {SolidityVerifier.PublicInputsMax}");
    }

    [Fact]
    public async Task A_key_with_commitments_that_a_contract_cannot_serve_is_refused_with_the_reason()
    {
        VerificationKey key = (await CommittedCase.CreateAsync(publicInputs: 1, commitments: 2)).Key;
        VerificationCommitments commitments = key.Commitments!;
        VerificationCommitment first = commitments.Items[0];
        Assert.Equal("verifyProof(uint256[14],uint256[1])", SolidityVerifier.FunctionSignature(1, SolidityProof.WordCount(2)));
        Assert.Contains("uint256[14] calldata proof", SolidityVerifier.Generate(key), StringComparison.Ordinal);

        AssertRefused(key with { Commitments = commitments with { Hash = CommitmentHash.Poseidon } }, "Poseidon");
        AssertRefused(key with { Gamma2 = key.Delta2 }, "gamma2");
        AssertRefused(key with { Commitments = commitments with { Items = [] } }, "0 commitments");
        AssertRefused(key with { Commitments = commitments with { Items = [.. Enumerable.Repeat(first, 38)] } }, "38 commitments");
        AssertRefused(key with { Commitments = commitments with { Items = [first, first] } }, "same sigma2");
        AssertRefused(key with { Commitments = commitments with { Items = [first with { Sigma2 = G2Affine.Infinity }] } }, "sigma2 of commitment 0");
        AssertRefused(key with { Commitments = commitments with { Items = [first with { ChallengeInput = new G1Affine(1, 1) }] } }, "challenge of commitment 0");
    }

    [Fact]
    public async Task The_compiler_repeats_its_bytes_and_reports_what_it_refuses()
    {
        Assert.SkipWhen(ChainFixture.Missing is not null, ChainFixture.Missing ?? string.Empty);
        SolidityCompiler compiler = new(ChainFixture.Tools, TimeSpan.FromSeconds(60));
        string folder = Directory.CreateTempSubdirectory("accel-compiler-").FullName;
        try
        {
            string source = Path.Combine(folder, "Groth16Verifier.sol");
            await File.WriteAllTextAsync(source, SolidityVerifier.Generate(Key), TestContext.Current.CancellationToken);
            string[] outputs = [Path.Combine(folder, "first"), Path.Combine(folder, "second")];
            foreach (string output in outputs)
            {
                await compiler.CompileAsync([source], output, TestContext.Current.CancellationToken);
            }

            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(outputs[0], "Groth16Verifier.json"), TestContext.Current.CancellationToken),
                await File.ReadAllBytesAsync(Path.Combine(outputs[1], "Groth16Verifier.json"), TestContext.Current.CancellationToken));
            ContractArtifact artifact = ContractArtifact.Load(Path.Combine(outputs[0], "Groth16Verifier.json"));
            Assert.Equal("Groth16Verifier", artifact.Name);
            Assert.True(artifact.Bytecode.Length > artifact.DeployedLengthBytes);
            Assert.Equal(
                ["CalldataLength(uint256,uint256)", "InputSumFailed()", "PairingFailed()", "PublicInputNotReduced(uint256,uint256)"],
                artifact.Errors.Select(error => error.Signature).Order(StringComparer.Ordinal));

            await File.WriteAllTextAsync(source, "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.24;\ncontract C { function f() { } }", TestContext.Current.CancellationToken);
            InvalidDataException refusal = await Assert.ThrowsAsync<InvalidDataException>(
                () => compiler.CompileAsync([source], outputs[0], TestContext.Current.CancellationToken));
            Assert.Contains("Groth16Verifier.sol:3", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertRefused(VerificationKey key, string place) =>
        Assert.Contains(place, Assert.Throws<ArgumentException>(() => SolidityVerifier.Generate(key)).Message, StringComparison.Ordinal);
}
