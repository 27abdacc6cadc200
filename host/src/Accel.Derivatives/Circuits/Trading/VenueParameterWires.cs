using Accel.Derivatives.Trading;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Circuits.Trading;

/// <summary>The venue's parameters as wires, each held to the bound that the arithmetic relies on.</summary>
internal sealed record VenueParameterWires(
    Integer MakerFee, Integer TakerFee, Integer OpenInterestMax, Integer AuctionDiscountMax, Integer AuctionSeconds, Integer LiquidatedShareMax, Integer LiquidationBuffer)
{
    public const string ScalarsName = "venue parameters";

    private const int OpenInterestBits = 32;

    public static VenueParameterWires Define(CircuitBuilder builder, in Linear hash)
    {
        using ScopeHandle scope = builder.Scope("venue parameters");
        Linear[] scalars = builder.SecretInputs(ScalarsName, new VenueParameters().Scalars.Count);
        builder.AssertEqual(PoseidonGadget.Hash(builder, scalars), hash, "parameter hash");
        return new VenueParameterWires(
            builder.ToUnsigned(scalars[0], VenueParameters.RateBits),
            builder.ToUnsigned(scalars[1], VenueParameters.RateBits),
            builder.ToUnsigned(scalars[2], OpenInterestBits),
            builder.ToUnsigned(scalars[3], VenueParameters.RateBits),
            builder.ToUnsigned(scalars[4] - 1, VenueParameters.AuctionBits) + 1,
            builder.ToUnsigned(scalars[5], VenueParameters.RateBits),
            builder.ToUnsigned(scalars[6], VenueParameters.RateBits));
    }
}
