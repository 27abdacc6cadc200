using Accel.Proving.Soundness;
using Xunit;

namespace Accel.Proving.Tests.Soundness;

public sealed class GadgetUniquenessTests
{
    [Fact]
    public void EveryGadgetHasOneWitnessInsideItsDomainAndNoneOutside()
    {
        IReadOnlyList<GadgetUniqueness> gadgets = GadgetUniqueness.Enumerate(TestContext.Current.CancellationToken);
        Assert.Empty(gadgets.SelectMany(gadget => gadget.Defects));
        Assert.True(gadgets.Count >= 8 && gadgets.All(gadget => gadget.InputCount == 21));
    }
}
