using System.Globalization;
using System.Numerics;
using System.Text;
using Accel.Proving.Groth16;

namespace Accel.Network.Evm;

/// <content>
/// What a key with commitments Dⱼ adds (eprint 2022/1072): challenges cⱼ by Keccak-256 as the prover draws them; L gains Σ cⱼ·ICⱼ + Dⱼ; and the proof of
/// knowledge, Π e(ρʲ·Dⱼ, σⱼ) = e(π, G2). One pairing does for both equations: the second is raised to a power s that is a hash of the whole
/// proof and its inputs, so that no two wrong equations cancel, and as γ = 1, s·π goes into L.
/// </content>
public static partial class SolidityVerifier
{
    /// <summary>Each commitment takes the code of so many public inputs.</summary>
    private const int InputsPerCommitment = 4;

    private const int FirstSigmaPair = 0x300;
    private const int PairBytes = 0xc0;

    private static int PairsEnd(int commitments) => FirstSigmaPair + (PairBytes * commitments);

    private static string CommitmentParameters(int commitments) => commitments == 0
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $" Then x, y of each commitment ({commitments}) and of their proof of knowledge.");

    /// <summary>The part between the public inputs' terms and the pairing. From 0x300 on lie the pairs ρʲs·Dⱼ, σⱼ, and behind them what is hashed.</summary>
    private static string CommitmentTerms(VerificationKey key)
    {
        if (key.Commitments is not { } commitments)
        {
            return string.Empty;
        }

        StringBuilder text = new();
        int count = commitments.Items.Count;
        string scratch = Hexadecimal(PairsEnd(count));
        string behind = Hexadecimal(PairsEnd(count) + 0x20);
        AppendLine(text, "function draw(memory_, first) -> drawn {");
        AppendLine(text, "    // 512 bits mod r: high·2²⁵⁶ + low.");
        AppendLine(text, "    mstore8(add(memory_, 0x20), first)");
        AppendLine(text, "    let high := keccak256(memory_, 0x21)");
        AppendLine(text, "    mstore8(add(memory_, 0x20), add(first, 1))");
        AppendLine(text, $"    drawn := addmod(mulmod(high, {Word((BigInteger.One << 256) % Fr.Modulus)}, {Word(Fr.Modulus)}), keccak256(memory_, 0x21), {Word(Fr.Modulus)})");
        AppendLine(text, "}");
        AppendLine(text, $"mstore({scratch}, 0x{Convert.ToHexStringLower(VerificationCommitments.KeccakTag.Span)})");
        AppendLine(text, $"calldatacopy({behind}, inputs, {Hexadecimal(32 * key.PublicCount)})");
        AppendLine(text, $"let state := keccak256({scratch}, {Hexadecimal(32 * (1 + key.PublicCount))})");
        for (int i = 0; i < count; i++)
        {
            string point = PointAt(i);
            AppendLine(text, $"mstore({scratch}, state)");
            AppendLine(text, $"calldatacopy({behind}, {point}, 0x40)");
            AppendLine(text, $"state := keccak256({scratch}, 0x60)");
            AppendLine(text, $"mstore({scratch}, state)");
            AppendLine(text, $"scalar := draw({scratch}, 0)");
            text.Append(Store(0x280, commitments.Items[i].ChallengeInput));
            AppendMultiply(text, 0x280, "scalar");
            AppendAdd(text);
            AppendLine(text, $"calldatacopy(0x280, {point}, 0x40)");
            AppendAdd(text);
            AppendRequirePoint(text);
        }

        AppendKnowledge(text, count, scratch, behind);
        return text.ToString();
    }

    private static void AppendKnowledge(StringBuilder text, int count, string scratch, string behind)
    {
        if (count > 1)
        {
            AppendLine(text, $"let rho := draw({scratch}, 2)");
        }

        int words = SolidityProof.WordCount(count);
        AppendLine(text, $"mstore({scratch}, state)");
        AppendLine(text, $"calldatacopy({behind}, proof, {Hexadecimal(32 * words)})");
        AppendLine(text, $"scalar := mod(keccak256({scratch}, {Hexadecimal(32 * (1 + words))}), r)");
        AppendLine(text, $"calldatacopy(0x280, {PointAt(count)}, 0x40)");
        AppendMultiply(text, 0x280, "scalar");
        AppendRequirePoint(text);
        AppendAdd(text);
        for (int i = 0; i < count; i++)
        {
            int pair = FirstSigmaPair + (PairBytes * i);
            if (i > 0)
            {
                AppendLine(text, "scalar := mulmod(scalar, rho, r)");
            }

            AppendLine(text, $"calldatacopy({Hexadecimal(pair)}, {PointAt(i)}, 0x40)");
            AppendMultiply(text, pair, "scalar");
        }
    }

    /// <summary>A precompile that refuses a point takes 63/64 of the gas, so that another call after it would leave none to say why.</summary>
    private static void AppendRequirePoint(StringBuilder text) => AppendLine(text, $"if iszero(ok) {{ fail(0x{Selector("InputSumFailed()")}) }}");

    private static string Sigmas(VerificationKey key)
    {
        StringBuilder text = new();
        for (int i = 0; i < key.Commitments?.Items.Count; i++)
        {
            text.Append(Store(FirstSigmaPair + (PairBytes * i) + 0x40, key.Commitments.Items[i].Sigma2));
        }

        return text.ToString();
    }

    /// <summary>Where a commitment stands in the call data; the proof of knowledge is behind the last.</summary>
    private static string PointAt(int commitment) => $"add(proof, {Hexadecimal(32 * (SolidityProof.PlainWords + (2 * commitment)))})";

    private static string Hexadecimal(int value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x3}");

    private static void RequireSoundCommitments(VerificationKey key)
    {
        if (key.Commitments is not { } commitments)
        {
            return;
        }

        if (commitments.Hash != CommitmentHash.Keccak256)
        {
            throw new ArgumentException($"the key draws challenges by {commitments.Hash}, for verification within a circuit; a contract draws them by Keccak-256: make a key with that hash", nameof(key));
        }

        if (key.Gamma2 != G2Affine.Generator)
        {
            throw new ArgumentException("gamma2 of a key with commitments must be the generator of G2", nameof(key));
        }

        int count = commitments.Items.Count;
        if (count == 0 || key.PublicCount + (InputsPerCommitment * count) > PublicInputsMax)
        {
            throw new ArgumentException(
                $"the key has {key.PublicCount} public inputs and {count} commitments; a contract takes {PublicInputsMax} inputs, each commitment in the place of {InputsPerCommitment}", nameof(key));
        }

        for (int i = 0; i < count; i++)
        {
            RequireG1(commitments.Items[i].ChallengeInput, $"the challenge of commitment {i}", infinityAllowed: true);
            RequireG2(commitments.Items[i].Sigma2, $"sigma2 of commitment {i}");
        }

        if (commitments.Items.DistinctBy(item => item.Sigma2).Count() < count)
        {
            throw new ArgumentException("two commitments of the key have the same sigma2: values could be moved between them", nameof(key));
        }
    }
}
