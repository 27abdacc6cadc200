using Accel.Derivatives.Circuits;
using Accel.Derivatives.Market;
using Accel.Derivatives.Pricing;
using Accel.Derivatives.Settlement;
using Accel.Proving.Frontend;
using Accel.Proving.Soundness;
using Accel.Testing;
using Xunit;

namespace Accel.Derivatives.Tests.Circuits;

/// <summary>The parts that statements repeat, each by itself: no wire may change alone and no hint may lie, all of them tried.</summary>
public sealed class AccountSoundnessTests(ITestOutputHelper output)
{
    private static readonly BatchShape Shape = new(1, 1, 1, 1);

    [Theory]
    [InlineData(false, 5_000)]
    [InlineData(false, -5_000)]
    [InlineData(true, -5_000)]
    public void A_settled_account_is_unique(bool hasExpired, long quantity)
    {
        Fr id = Instrument.Parse("BTC-16JAN26-82000-C").Id;
        long[] ticks = [.. Enumerable.Range(0, 23).Select(s => 40_000_000L + (s * 1_000_000))];
        Fr[] account = [0, 11, 12, 3, 1, 1_700_000_000, -77, 0, 8, id, quantity];
        Fr[] market =
        [
            1_800_000_000, 800_000, 1_000_000, 1 << 30, 1_020_000_000, 1 << 30,
            id, hasExpired ? 1 : 0, hasExpired ? 1234 : 0, hasExpired ? 0 : 1, .. ticks.Select(t => (Fr)t), 500_000_000, 1_000, 2_000, -3_000,
        ];
        AssertSound(new AccountTemplate(Shape), outputCount: 6, [.. account, Fr.Zero, .. market]);
    }

    /// <summary>Three fixings, of which the last two count; every kind, touched or not, call and put, live and unused.</summary>
    [Theory]
    [InlineData(ContractKind.Vanilla, 300, 100, 0)]
    [InlineData(ContractKind.CashOrNothing, 300, 110, 0)]
    [InlineData(ContractKind.AssetOrNothing, 300, 100, 0)]
    [InlineData(ContractKind.Barrier, 300, 100, 130)]
    [InlineData(ContractKind.Barrier, 300, 120, 131)]
    [InlineData(ContractKind.ArithmeticAsian, 300, 100, 0)]
    [InlineData(ContractKind.GeometricAsian, 300, 120, 0)]
    [InlineData(ContractKind.GeometricAsian, 301, 120, 0)]
    [InlineData(ContractKind.Vanilla, 0, 0, 0)]
    public void A_contracts_payoff_is_unique(ContractKind kind, long expiry, long strike, long barrier)
    {
        long[] prices = [90, 130, 110];
        bool hasWindow = kind >= ContractKind.Barrier;
        Fr[] fixings = [77, 300, 100, 200, 300, 1, 1, 1, .. prices.Select(p => (Fr)p), .. prices.Select(p => (Fr)NaturalLogarithm.Compute((ulong)p))];
        foreach (int put in (int[])[0, 1])
        {
            int count = strike == 0 ? 0 : hasWindow ? 2 : 1;
            Fr[] terms = [(int)kind, put, barrier == 0 ? 0 : 1, put, strike, expiry, barrier, 5, hasWindow ? 200 : expiry, count];
            AssertSound(new ContractTemplate(3), outputCount: 2, [.. fixings, .. terms]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void An_account_after_expiry_is_unique(int expired)
    {
        Fr[] account = [0, 11, 12, 3, -1234, 5, 6, 8, 21, 22, 0, -7, 9, 0];
        Fr[] contracts = [expired > 0 ? 21 : 0, expired > 0 ? 55 : 0, expired > 1 ? 22 : 0, 0];
        AssertSound(new ExpiringAccountTemplate(2, 3), outputCount: 4, [.. account, .. contracts]);
    }

    /// <summary>
    /// The coupon 21 moves on to an id before, between and behind the others, above the middle of the field, or to none; or it is not held.
    /// </summary>
    [Theory]
    [InlineData(21, 5, false)]
    [InlineData(21, 22, false)]
    [InlineData(21, 24, false)]
    [InlineData(21, -3, false)]
    [InlineData(21, -1, false)]
    [InlineData(21, -1, true)]
    [InlineData(21, 0, false)]
    [InlineData(20, 5, false)]
    public void An_account_after_a_coupon_is_unique(int due, int next, bool isFull)
    {
        Fr id = next;
        BigIntegerHalves halves = BigIntegerHalves.Of(id);
        Fr[] account = [0, 11, 12, 3, -1234, 5, 6, 8, 10, 21, 23, isFull ? Fr.Zero - 2 : 0, -7, 9, 4, isFull ? 2 : 0];
        Fr[] coupon = [due, -55, id, next == 0 ? 0 : 1, halves.High, halves.Low];
        AssertSound(new CouponAccountTemplate(4), outputCount: 4, [.. account, .. coupon]);
    }

    private void AssertSound(ITemplate template, int outputCount, Fr[] inputs)
    {
        var definition = new TemplateCircuit(template, outputCount);
        using CompiledCircuit circuit = CompiledCircuit.Compile(definition);
        SoundnessOptions options = new() { Lies = new HintLies().With("positions.sorted-slot", OtherSlots) };
        output.WriteLine(SoundnessAssert.Sound(circuit, definition.Assign(circuit, inputs), options).ToString());
    }

    /// <summary>Every other slot, and none.</summary>
    private static IEnumerable<Fr[]> OtherSlots(Fr[] inputs, Fr[] outputs) => Enumerable.Range(0, outputs.Length + 1)
        .Select(slot => outputs.Select((_, i) => i == slot ? Fr.One : Fr.Zero).ToArray());

    private readonly record struct BigIntegerHalves(Fr High, Fr Low)
    {
        public static BigIntegerHalves Of(Fr id)
        {
            System.Numerics.BigInteger value = id.ToBigInteger();
            return new(Fr.FromBigInteger(value >> IdHalves.Bits), Fr.FromBigInteger(value & ((System.Numerics.BigInteger.One << IdHalves.Bits) - 1)));
        }
    }
}
