using Accel.Proving.Formats;
using Accel.Proving.Groth16;

namespace Accel.Proving.Ceremony;

/// <summary>What a contributor publishes: with it anyone sees that the contribution is in the final key.</summary>
/// <param name="Number">The contribution's place in the ceremony, from 1.</param>
/// <param name="Name">The contributor's name, without control characters; nothing binds it to the contribution but the contributor's own
/// word.</param>
/// <param name="IsBeacon">Whether it is a random beacon.</param>
/// <param name="Hash">64 bytes: snarkjs' contribution hash.</param>
public sealed record ContributionReceipt(int Number, string Name, bool IsBeacon, ReadOnlyMemory<byte> Hash)
{
    internal static ContributionReceipt[] ForAll(KeyHistory history) =>
        [.. history.Contributions.Select((contribution, i) => Of(contribution, i + 1))];

    internal static ContributionReceipt Of(ZkeyContribution contribution, int number) =>
        new(number, ContributionChain.PrintableName(contribution), contribution.Parameters.IsBeacon, CeremonyTranscript.HashOf(contribution));
}
