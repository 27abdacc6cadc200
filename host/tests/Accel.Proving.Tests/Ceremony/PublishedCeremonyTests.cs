using Accel.Proving.Ceremony;
using Accel.Proving.Groth16;
using Accel.Proving.Tests.Formats;
using Xunit;

namespace Accel.Proving.Tests.Ceremony;

/// <summary>The ceremonies that others held for published circuits stand up to the checks, those that were held.</summary>
[Trait("speed", "slow")]
public sealed class PublishedCeremonyTests(ITestOutputHelper output)
{
    public static TheoryData<string> Keys => RealKeys.Names;

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_contributions_to_a_published_key_are_sound(string name)
    {
        using ZkeyContributor key = new(RealKeys.File(name, "circuit.zkey"));
        KeyHistory history = key.History;
        output.WriteLine($"{name}: {history.Contributions.Count} contributions, {string.Join(", ", ContributionReceipt.ForAll(history).Select(receipt => receipt.Name))}");

        Assert.Null(ContributionChain.FindProblem(key.Header, history, TestContext.Current.CancellationToken));
        if (history.Contributions.Count > 0)
        {
            KeyHistory shortened = history with { Contributions = [.. history.Contributions.Skip(1)] };
            Assert.NotNull(ContributionChain.FindProblem(key.Header, shortened, TestContext.Current.CancellationToken));
        }
    }
}
