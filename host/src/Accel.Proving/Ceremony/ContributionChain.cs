using System.Globalization;
using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>
/// The checks on a key's contributions that need no circuit: every contributor knew a factor (Bowe, Gabizon and Miers, eprint 2017/1050, §3), every
/// factor is in δ, and nothing else is.
/// </summary>
internal static class ContributionChain
{
    /// <summary>The first thing that is wrong with a key's header and contributions, or null.</summary>
    public static string? FindProblem(ProvingKeyHeader header, KeyHistory history, CancellationToken cancel)
    {
        CeremonyTranscript transcript = new(history.CircuitHash.Span);
        G1Affine delta = G1Affine.Generator;
        for (int i = 0; i < history.Contributions.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            ZkeyContribution contribution = history.Contributions[i];
            if (FindProblem(contribution, transcript, delta, cancel) is { } problem)
            {
                return $"{Describe(history, i)}: {problem}";
            }

            transcript.Append(contribution);
            delta = contribution.DeltaAfter;
        }

        return header.Delta1 != delta ? "the header's δ·G1 is not that after the last contribution, or the generator without one"
            : !SameRatio(G1Affine.Generator, delta, G2Affine.Generator, header.Delta2) ? "the header's δ·G2 and δ·G1 are of different δ"
            : null;
    }

    /// <summary>A contribution's number, kind and name, for messages.</summary>
    public static string Describe(KeyHistory history, int index)
    {
        ZkeyContribution contribution = history.Contributions[index];
        string name = PrintableName(contribution);
        string kind = contribution.Parameters.IsBeacon ? "beacon" : "contribution";
        return string.Create(CultureInfo.InvariantCulture, $"{kind} {index + 1}{(name.Length == 0 ? "" : $" ({name})")}");
    }

    /// <summary>The name as anybody may see it: it comes from a stranger's file, and a terminal obeys control characters.</summary>
    public static string PrintableName(ZkeyContribution contribution) =>
        string.Concat(contribution.Name.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '\uFFFD' : c));

    private static string? FindProblem(ZkeyContribution contribution, CeremonyTranscript transcript, G1Affine before, CancellationToken cancel)
    {
        if (contribution.S.IsInfinity || contribution.SX.IsInfinity || contribution.SpX.IsInfinity || contribution.DeltaAfter.IsInfinity)
        {
            return "a point is at infinity: the factor would be zero";
        }

        if (!contribution.SpX.IsInSubgroup())
        {
            return "s′·x is on the curve but outside the subgroup of G2";
        }

        if (!transcript.For(contribution.S, contribution.SX).AsSpan().SequenceEqual(contribution.Transcript.Span))
        {
            return "its transcript is not the hash of the circuit, of the contributions before it and of its own points: one was changed, removed, added or moved";
        }

        if (contribution.S == contribution.SX)
        {
            return "its factor is one: it adds no secret";
        }

        G2Affine challenge = CeremonyStream.ChallengePoint(contribution.Transcript.Span);
        return !SameRatio(contribution.S, contribution.SX, challenge, contribution.SpX) ? "its proof of knowledge is wrong"
            : !SameRatio(before, contribution.DeltaAfter, challenge, contribution.SpX) ? "the δ after it is not the δ before it times its factor"
            : contribution.Parameters.IsBeacon ? FindBeaconProblem(contribution, cancel)
            : null;
    }

    private static string? FindBeaconProblem(ZkeyContribution contribution, CancellationToken cancel)
    {
        ContributionParameters parameters = contribution.Parameters;
        if (parameters.BeaconIterationsLog2 is not { } log2
            || log2 is < ContributionSecret.IterationsLog2Min or > ContributionSecret.IterationsLog2Max
            || parameters.BeaconValue.IsEmpty)
        {
            return $"it does not say its value, or that it was hashed 2^{ContributionSecret.IterationsLog2Min} to 2^{ContributionSecret.IterationsLog2Max} times";
        }

        using ContributionSecret expected = ContributionSecret.FromBeacon(parameters.BeaconValue.Span, log2, cancel);
        return contribution.S == expected.S && contribution.SX == (G1.FromAffine(expected.S) * expected.Factor).ToAffine()
            ? null
            : "its factor is not drawn from the value that it names";
    }

    /// <summary>Whether b = x·a and d = x·c for one x, by e(a, d) = e(b, c).</summary>
    public static bool SameRatio(in G1Affine a, in G1Affine b, in G2Affine c, in G2Affine d) => Pairing.ProductIsOne([(a, d), (-b, c)]);
}
