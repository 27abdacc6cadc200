using System.Numerics;
using Accel.Derivatives.Circuits.Pricing;
using Accel.Derivatives.Pricing;
using Accel.Proving.Frontend;
using Accel.Proving.Gadgets;

namespace Accel.Derivatives.Tests.Pricing;

/// <summary>Every pricing gadget as a circuit of its own, with its reference and inputs that matter.</summary>
internal sealed record PricingGadget(GadgetCircuit Circuit, Func<long[], Fr[]> Reference, Func<Random, long[]> Draw, long[][] Corners)
{
    private static readonly long PriceMax = (1L << ExpiryRisk.PriceBits) - 1;
    private static readonly long RootMax = (1L << FixedPointPricer.VarianceRootLimitBits) - 1;

    public static IReadOnlyDictionary<string, PricingGadget> All { get; } = new PricingGadget[]
    {
        Logarithm(), Exp(), Root(), Reciprocal(), Shock(), Cdf(), Moneyness(), VarianceRoot(), VarianceRootAtLeast(), Magnitude(), OptionValue(isMark: false), OptionValue(isMark: true),
    }.ToDictionary(gadget => gadget.Circuit.Name);

    public override string ToString() => Circuit.Name;

    private static PricingGadget Logarithm() => new(
        new GadgetCircuit("ln", [ExpiryRisk.PriceBits], 1, (b, x) => [LogarithmGadget.Compute(b, x[0]).Value]),
        x => [NaturalLogarithm.Compute((ulong)x[0])],
        random => [Wild(random, ExpiryRisk.PriceBits)],
        [[0], [1], [2], [3], [PriceMax], [1L << 35], [(1L << 35) - 1], [(1L << 35) + (1L << 31)], [(1L << 35) + (1L << 31) - 1]]);

    private static PricingGadget Exp() => new(
        new GadgetCircuit("exp", [-40], 1, (b, x) => [ExponentialGadget.Compute(b, x[0])]),
        x => [Exponential.Compute(x[0])],
        random => [random.NextInt64(Exponential.ArgumentMin - 1000, Exponential.ArgumentMax + 1000)],
        [[0], [1], [-1], [Exponential.ArgumentMax], [Exponential.ArgumentMin], [Exponential.ArgumentMax + 1], [-(1L << 40)], [(1L << 40) - 1]]);

    private static PricingGadget Root() => new(
        new GadgetCircuit("sqrt", [62], 1, (b, x) => [SquareRootGadget.Floor(b, x[0])]),
        x => [SquareRoot.Floor((UInt128)x[0])],
        random => [Wild(random, 62)],
        [[0], [1], [2], [3], [4], [(1L << 62) - 1], [((1L << 31) - 1) * ((1L << 31) - 1)], [((1L << 31) - 1) * ((1L << 31) - 1) - 1]]);

    private static PricingGadget Reciprocal()
    {
        int places = FixedPointPricer.Precision.Mark.ReciprocalBits;
        return new(
            new GadgetCircuit("reciprocal", [FixedPointPricer.VarianceRootLimitBits], 1, (b, x) =>
                [ReciprocalGadget.Compute(b, FixedPointPricer.ReciprocalNumerator(places), AtLeast(x[0], ExpiryRisk.VarianceRootMin)).Quotient]),
            x => [FixedPointPricer.Reciprocal(x[0], places)],
            random => [Math.Max(ExpiryRisk.VarianceRootMin, Wild(random, FixedPointPricer.VarianceRootLimitBits))],
            [[ExpiryRisk.VarianceRootMin], [RootMax], [1L << 32]]);
    }

    private static PricingGadget Shock()
    {
        int[] bits = [24, 24, 24, 24, 27, 23, 27];
        return new(
            new GadgetCircuit("volatility shock", bits, 2, (b, x) =>
            {
                VolatilityShockVariables rule = VolatilityShockVariables.Define(b, Array.ConvertAll(x[..6], value => value.Value));
                (Integer up, Integer down) = VolatilityShockGadget.Multipliers(b, rule, x[6]);
                return [up, down];
            }),
            x =>
            {
                VolatilityShock rule = new((uint)x[0], (uint)x[1], (uint)x[2], (uint)x[3], (uint)x[4], (uint)x[5]);
                (long up, long down) = rule.Multipliers((ulong)x[6]);
                return [up, down];
            },
            random => [.. bits.Select((width, i) => Math.Max(i == 4 ? 1 : 0, Wild(random, width)))],
            [
                [500_000, 275_000, 300_000, 130_000, 86_400, 450_000, 1],
                [500_000, 275_000, 300_000, 130_000, 86_400, 450_000, VolatilityShock.ReferenceSeconds],
                [500_000, 275_000, 300_000, 130_000, 86_400, 450_000, VolatilityShock.ReferenceSeconds + 1],
                [0, 0, 0, 0, 1, 0, 0],
                [(1 << 24) - 1, (1 << 24) - 1, (1 << 24) - 1, (1 << 24) - 1, 1, 0, (1 << 27) - 1],
                [(1 << 24) - 1, (1 << 24) - 1, (1 << 24) - 1, (1 << 24) - 1, 1, 0, 0],
            ]);
    }

    private static PricingGadget Cdf() => new(
        new GadgetCircuit("Φ", [FixedPointPricer.WindowBits, 1, -17], 3, (b, x) =>
        {
            Bit[] cell = b.ToBits(x[0], FixedPointPricer.WindowBits);
            NormalCdfGadget gadget = new(b, cell, Bit.False);
            return [gadget.SignedCdfLessHalf(Integer.Constant(1) - x[1] * 2), gadget.SlopeTimes(x[2]), gadget.Density()];
        }),
        x =>
        [
            Element(x[1] == 0 ? NormalDistribution.CdfLessHalf(x[0]) : -NormalDistribution.CdfLessHalf(x[0])),
            Element(NormalDistribution.SlopeAt(x[0]) * x[2]),
            Element(NormalDistribution.DensityAt(x[0])),
        ],
        random => [Wild(random, FixedPointPricer.WindowBits), random.Next(2), random.Next(-(1 << 17), 1 << 17)],
        [[0, 0, 0], [0, 1, 1], [1023, 0, -1], [1024, 1, 1 << 16], [(1 << 14) - 1, 1, -(1 << 17)], [1 << 14, 0, 5], [(1 << 17) - 1, 1, 7]]);

    private static PricingGadget Moneyness() => new(
        new GadgetCircuit("moneyness", [.. Enumerable.Repeat(ExpiryRisk.PriceBits, 1 + ScenarioGrid.ShockCount)], ScenarioGrid.ShockCount, (b, x) =>
            Array.ConvertAll(MoneynessGadget.IsCallInTheMoney(b, x[0], x[1..]), bit => bit.Value)),
        x => [.. x.Skip(1).Select(forward => forward >= x[0] ? Fr.One : Fr.Zero)],
        random => [Wild(random, ExpiryRisk.PriceBits), .. Enumerable.Range(0, ScenarioGrid.ShockCount).Select(_ => Wild(random, ExpiryRisk.PriceBits)).Order()],
        [
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [PriceMax, PriceMax, PriceMax, PriceMax, PriceMax, PriceMax, PriceMax, PriceMax, PriceMax, PriceMax],
            [5, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            [PriceMax, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        ]);

    private static PricingGadget VarianceRoot() => new(
        new GadgetCircuit("v", [FixedPointPricer.VolatilityBits, 34], 4, (b, x) =>
            Outputs(VarianceRootVariables.Define(b, x[0], x[1], isMark: true))),
        x => RootReference(FixedPointPricer.VarianceRoot((uint)x[0], x[1], ExpiryRisk.VarianceRootMin), isMark: true),
        random => [Wild(random, FixedPointPricer.VolatilityBits), Wild(random, 34)],
        [[0, 0], [(1 << 23) - 1, (1L << 34) - 1], [1 << 12, 1 << 23], [(1 << 12) - 1, 1 << 23], [1 << 17, (1L << 24) - 1], [1 << 17, 1L << 23]]);

    private static PricingGadget VarianceRootAtLeast() => new(
        new GadgetCircuit("v at least", [FixedPointPricer.VolatilityBits, 34, FixedPointPricer.VarianceRootLimitBits], 3, (b, x) =>
            Outputs(VarianceRootVariables.DefineAtLeast(b, x[0], x[1], AtLeast(x[2], ExpiryRisk.VarianceRootMin)))),
        x => RootReference(FixedPointPricer.VarianceRoot((uint)x[0], x[1], x[2]), isMark: false),
        random => [Wild(random, FixedPointPricer.VolatilityBits), Wild(random, 34), Math.Max(ExpiryRisk.VarianceRootMin, Wild(random, FixedPointPricer.VarianceRootLimitBits))],
        [[0, 0, ExpiryRisk.VarianceRootMin], [(1 << 23) - 1, (1L << 34) - 1, RootMax], [1 << 12, 1 << 23, 1 << 11], [1 << 20, 1L << 30, 1L << 26]]);

    private static PricingGadget Magnitude() => new(
        new GadgetCircuit("sign and magnitude", [-20], 2, (b, x) =>
        {
            SignedMagnitude value = SignedMagnitude.OfOdd(b, x[0], 20);
            return [value.Sign, Bits.FromBits(value.Half)];
        }),
        x => [x[0] < 0 ? -Fr.One : Fr.One, x[0] < 0 ? -x[0] - 1 : x[0]],
        random => [random.Next(-(1 << 20), 1 << 20)],
        [[0], [-1], [1], [(1 << 20) - 1], [-(1 << 20)]]);

    /// <summary>Inputs: ln(F′/K), v, F′, K; what the caller derives from them is derived here too.</summary>
    private static PricingGadget OptionValue(bool isMark)
    {
        FixedPointPricer.Precision precision = isMark ? FixedPointPricer.Precision.Mark : FixedPointPricer.Precision.Scenario;
        int logBits = precision.LogBits + 5;
        return new(
            new GadgetCircuit(isMark ? "option value at the mark" : "option value", [-logBits, FixedPointPricer.VarianceRootLimitBits, ExpiryRisk.PriceBits, ExpiryRisk.PriceBits], 1, (b, x) =>
            {
                Integer root = AtLeast(x[1], ExpiryRisk.VarianceRootMin);
                Integer whole = b.FloorShift(root + (1L << (FixedPointPricer.CellShift - 1)), FixedPointPricer.CellShift);
                Integer reciprocal = ReciprocalGadget.Compute(b, FixedPointPricer.ReciprocalNumerator(precision.ReciprocalBits), root).Quotient;
                VarianceRootVariables variables = new(root, whole, reciprocal, reciprocal);
                OptionValueTemplate template = isMark ? OptionValueTemplate.Mark : OptionValueTemplate.Scenario;
                return template.Call(b, isMark ? [x[0]] : [x[0], b.ToWire(Linear.Zero)], variables, x[2], x[3], b.IsLessOrEqual(x[3], x[2]));
            }),
            x => [FixedPointPricer.TimeValue(x[3], x[2], FixedPointPricer.Quantise(x[0], x[1], precision), x[1])],
            random => Option(random, precision.LogBits),
            [
                [0, 1L << 28, 1_000_000_000, 1_000_000_000],
                [(long)(Math.Log(1.25) * Math.Pow(2, precision.LogBits)), 1L << 27, 1_000_000_000, 800_000_000],
                [-(1L << logBits), ExpiryRisk.VarianceRootMin, 0, PriceMax],
                [(1L << logBits) - 1, RootMax, PriceMax, 0],
                [0, RootMax, PriceMax, PriceMax],
            ]);
    }

    /// <summary>A forward, and a strike within a few deviations of it.</summary>
    private static long[] Option(Random random, int logBits)
    {
        long forward = 1 + Wild(random, ExpiryRisk.PriceBits - 3);
        long root = Math.Max(ExpiryRisk.VarianceRootMin, Wild(random, FixedPointPricer.VarianceRootLimitBits));
        double logMoneyness = Math.Clamp((random.NextDouble() * 8 - 4) * 0.75 * root / Math.Pow(2, FixedPointPricer.VarianceRootBits), -2, 2);
        return [(long)(logMoneyness * Math.Pow(2, logBits)), root, forward, (long)(forward * Math.Exp(-logMoneyness))];
    }

    private static Linear[] Outputs(VarianceRootVariables root)
    {
        Linear[] outputs = [root.Value, root.WholeCells, root.Reciprocal];
        return root.FineReciprocal is Integer fine ? [.. outputs, fine] : outputs;
    }

    private static Fr[] RootReference(long root, bool isMark)
    {
        Fr[] outputs = [root, (root + (1L << (FixedPointPricer.CellShift - 1))) >> FixedPointPricer.CellShift, FixedPointPricer.Reciprocal(root, 15)];
        return isMark ? [.. outputs, FixedPointPricer.Reciprocal(root, 24)] : outputs;
    }

    private static Integer AtLeast(Integer value, long least) =>
        Integer.Assume(value.Value, least, value.Max, "the test draws no smaller one");

    private static Fr Element(Int128 value) => Fr.FromBigInteger((BigInteger)value);

    /// <summary>Short numbers as often as long ones.</summary>
    private static long Wild(Random random, int bits) => random.NextInt64(1L << random.Next(bits + 1));
}
